"""uncancel() counts down and never goes below 0."""

import asyncio

from conformance import describe, show


async def main(log):
    task = asyncio.current_task()
    log(show(task.uncancel()))
    task.cancel("a")
    task.cancel("b")
    log(show(task.cancelling()))
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError as error:
        log(describe(error))
    log(show([task.uncancel(), task.uncancel(), task.uncancel()]))
    await asyncio.sleep(0)
    log(show(task.cancelling()))
