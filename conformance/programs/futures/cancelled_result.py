"""result() and exception() of a cancelled future raise CancelledError with its message."""

import asyncio

from conformance import describe


async def main(log):
    fut = asyncio.get_running_loop().create_future()
    fut.cancel("why")
    for ask in (fut.result, fut.exception):
        try:
            ask()
        except asyncio.CancelledError as error:
            log(describe(error))
    try:
        await fut
    except asyncio.CancelledError as error:
        log(describe(error))
    try:
        fut.set_result(1)
    except asyncio.InvalidStateError as error:
        log(describe(error))
