"""An error in the block gives the lock back."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    lock = asyncio.Lock()
    try:
        async with lock:
            raise Boom("inside")
    except Boom as error:
        log(f"{describe(error)} {lock.locked()}")
