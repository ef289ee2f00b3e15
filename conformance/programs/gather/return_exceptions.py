"""With return_exceptions errors and cancellations of children are results."""

import asyncio

from conformance import show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay, fails):
        await asyncio.sleep(delay)
        if fails:
            raise Boom(name)
        return name

    c = asyncio.create_task(child("c", 5, False))
    asyncio.get_running_loop().call_later(2, c.cancel, "by callback")
    log(show(await asyncio.gather(child("a", 1, True), child("b", 3, False), c, return_exceptions=True)))
