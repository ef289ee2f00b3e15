"""Awaiting a future that has failed raises at once."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    fut = asyncio.get_running_loop().create_future()
    fut.set_exception(Boom("bad"))
    asyncio.get_running_loop().call_soon(log, "callback")
    for turn in range(2):
        try:
            await fut
        except Boom as error:
            log(f"{turn} {describe(error)} {error is fut.exception()}")
    await asyncio.sleep(0)
    log("end")
