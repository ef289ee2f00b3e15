"""Cancelling the one who awaits a shield leaves the inner task running."""

import asyncio

from conformance import describe


async def main(log):
    async def inner():
        await asyncio.sleep(3)
        log("inner ends")
        return "kept"

    async def outer(task):
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    task = asyncio.create_task(inner(), name="inner")
    waiter = asyncio.create_task(outer(task), name="outer")
    await asyncio.sleep(1)
    waiter.cancel("only you")
    await asyncio.sleep(0)
    log(f"{waiter.done()} {task.done()}")
    await asyncio.sleep(0)
    log(f"{waiter.cancelled()} {task.done()}")
    log(await task)
