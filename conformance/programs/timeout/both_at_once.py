"""A cancellation from outside and the deadline at the same instant: CancelledError wins."""

import asyncio

from conformance import describe, show


async def main(log):
    async def worker():
        try:
            async with asyncio.timeout(1) as scope:
                await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"{describe(error)} {asyncio.current_task().cancelling()} {scope.expired()}")
            raise
        except TimeoutError as error:
            log(f"{describe(error)} {asyncio.current_task().cancelling()} {scope.expired()}")

    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(1, task.cancel, "outside")
    await asyncio.wait([task])
    log(show(task.cancelled()))
