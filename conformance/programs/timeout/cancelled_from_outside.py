"""An outside cancellation is not turned into TimeoutError."""

import asyncio

from conformance import describe, show


async def main(log):
    async def worker():
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"{describe(error)} {asyncio.current_task().cancelling()}")
            raise

    task = asyncio.create_task(worker())
    await asyncio.sleep(1)
    task.cancel("outside")
    log(show((await asyncio.wait([task]))[0] != set()))
    log(show(task.cancelled()))
