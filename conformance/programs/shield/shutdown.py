"""A shielded task is cancelled at the end of the program all the same."""

import asyncio


async def main(log):
    async def inner():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            log("inner cancelled")
            raise

    async def outer():
        await asyncio.shield(inner())

    task = asyncio.create_task(outer())
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.sleep(1)
    log(f"{task.cancelled()}, main ends")
