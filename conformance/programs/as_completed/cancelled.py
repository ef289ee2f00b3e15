"""Cancelling the task that iterates leaves the others alone."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        await asyncio.sleep(3)
        log("ends")

    async def parent():
        try:
            async for task in asyncio.as_completed(tasks):
                log("one")
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    tasks = [asyncio.create_task(child()) for _ in range(2)]
    waiter = asyncio.create_task(parent())
    await asyncio.sleep(1)
    waiter.cancel("me")
    await asyncio.sleep(3)
    log(show([waiter.cancelled()] + [task.cancelled() for task in tasks]))
