"""Cancelling the shield itself ends it at once; the inner task goes on."""

import asyncio

from conformance import describe, show


async def main(log):
    async def inner():
        await asyncio.sleep(2)
        log("inner ends")

    task = asyncio.create_task(inner())
    outer = asyncio.shield(task)
    await asyncio.sleep(1)
    log(show(outer.cancel("shield")))
    log(f"{outer.cancelled()} {task.done()}")
    try:
        await outer
    except asyncio.CancelledError as error:
        log(describe(error))
    await task
