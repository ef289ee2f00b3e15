"""A leftover that swallows the cancellation is awaited to its end."""

import asyncio


async def main(log):
    async def left():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            log("swallowed")
        await asyncio.sleep(3)
        log("ends in its own time")

    asyncio.create_task(left())
    await asyncio.sleep(1)
    log("main ends")
