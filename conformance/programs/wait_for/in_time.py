"""wait_for gives the result and runs a coroutine in the caller's own task."""

import asyncio


async def main(log):
    async def child():
        log("which task?")
        await asyncio.sleep(1)
        return "in time"

    log(await asyncio.wait_for(child(), 2))
    log(await asyncio.wait_for(asyncio.create_task(child()), 2))
    log(await asyncio.wait_for(child(), None))
