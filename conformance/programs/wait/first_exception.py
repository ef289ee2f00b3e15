"""FIRST_EXCEPTION wakes at the first error, but not at a cancelled task."""

import asyncio

from conformance import show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay, fails):
        await asyncio.sleep(delay)
        if fails:
            raise Boom(name)

    a = asyncio.create_task(child("a", 1, False), name="a")
    b = asyncio.create_task(child("b", 9, False), name="b")
    c = asyncio.create_task(child("c", 3, True), name="c")
    d = asyncio.create_task(child("d", 4, False), name="d")
    asyncio.get_running_loop().call_later(2, b.cancel)
    done, pending = await asyncio.wait([a, b, c, d], return_when=asyncio.FIRST_EXCEPTION)
    log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
