"""A cancel that comes after the awaited future is done, but before the wake-up, wins: the result is lost."""

import asyncio

from conformance import describe, show


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    async def child():
        try:
            log(show(await fut))
        except asyncio.CancelledError as error:
            log(describe(error))
            log(show(await fut))
            return "went on"

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    fut.set_result("lost")
    log(show(task.cancel()))
    log(f"{fut.cancelled()} {fut.result()}")
    log(show(await task))
