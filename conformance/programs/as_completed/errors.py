"""A failed or cancelled task is given like any other."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay):
        await asyncio.sleep(delay)
        raise Boom(name)

    a = asyncio.create_task(child("a", 1), name="a")
    b = asyncio.create_task(child("b", 5), name="b")
    asyncio.get_running_loop().call_later(2, b.cancel)
    async for task in asyncio.as_completed([b, a]):
        log(f"{task.get_name()} {task.cancelled()}")
        if not task.cancelled():
            log(describe(task.exception()))
