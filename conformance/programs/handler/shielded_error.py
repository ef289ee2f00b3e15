"""An error in a shielded task that nobody waits for any more is reported."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def inner():
        await asyncio.sleep(2)
        raise Boom("inner")

    async def outer():
        await asyncio.shield(task)

    task = asyncio.create_task(inner())
    waiter = asyncio.create_task(outer())
    await asyncio.sleep(1)
    waiter.cancel()
    await asyncio.sleep(5)
    log(f"{waiter.cancelled()} {describe(task.exception())}")
