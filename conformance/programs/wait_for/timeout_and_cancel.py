"""A cancel that comes while the timed-out task cleans up wins over the timeout."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log("cleaning")
            await asyncio.sleep(5)
            raise

    async def parent():
        try:
            await asyncio.wait_for(child(), 1)
        except asyncio.CancelledError as error:
            log(f"{describe(error)} {asyncio.current_task().cancelling()}")
            raise

    task = asyncio.create_task(parent())
    await asyncio.sleep(2)
    task.cancel("outside")
    log(show(await asyncio.gather(task, return_exceptions=True)))
