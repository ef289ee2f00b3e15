"""An eager task that has begun is cancelled where it waits."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        try:
            log("begins")
            await asyncio.sleep(0)
            log("never")
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    task = asyncio.create_task(child(), eager_start=True)
    task.cancel("at once")
    await asyncio.wait([task])
    log(show(task.cancelled()))
