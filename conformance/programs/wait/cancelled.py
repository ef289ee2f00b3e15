"""Cancelling a task in wait leaves what it waits for alone."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child(name):
        await asyncio.sleep(3)
        log(f"{name} ends")

    async def parent():
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    tasks = [asyncio.create_task(child(name)) for name in "ab"]
    waiter = asyncio.create_task(parent())
    await asyncio.sleep(1)
    waiter.cancel("only me")
    await asyncio.wait(tasks)
    log(show([waiter.cancelled(), tasks[0].done(), tasks[1].done()]))
