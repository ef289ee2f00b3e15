"""The same awaitable twice is one child with two places in the result."""

import asyncio

from conformance import show


async def main(log):
    async def child():
        log("runs once")
        await asyncio.sleep(1)
        return 9

    task = asyncio.create_task(child())
    log(show(await asyncio.gather(task, task, task)))
