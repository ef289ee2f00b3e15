"""A task that awaits a task that has just ended is cancelled at the wake-up."""

import asyncio

from conformance import describe


async def main(log):
    async def inner():
        log("inner ends")
        return "value"

    async def outer():
        try:
            log(await task)
        except asyncio.CancelledError as error:
            log(describe(error))

    task = asyncio.create_task(inner())
    waiter = asyncio.create_task(outer())
    task.add_done_callback(lambda done: waiter.cancel("in between"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await waiter
    log(f"{task.result()} {waiter.cancelled()}")
