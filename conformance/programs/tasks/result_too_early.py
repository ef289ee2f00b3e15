"""result() and exception() of a running task raise InvalidStateError."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        await asyncio.sleep(1)

    task = asyncio.create_task(child())
    for ask in (task.result, task.exception):
        try:
            ask()
        except asyncio.InvalidStateError as error:
            log(describe(error))
    await task
    log(describe(task.exception()))
