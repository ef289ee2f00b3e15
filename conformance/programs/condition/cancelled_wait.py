"""A cancelled waiter takes the lock again before it lets the cancellation go."""

import asyncio

from conformance import describe


async def main(log):
    cond = asyncio.Condition()

    async def waiter():
        async with cond:
            try:
                await cond.wait()
            except asyncio.CancelledError as error:
                log(f"{describe(error)} {cond.locked()}")
                raise

    task = asyncio.create_task(waiter())
    await asyncio.sleep(1)
    async with cond:
        task.cancel("while main has the lock")
        await asyncio.sleep(2)
        log("main leaves")
    await asyncio.wait([task])
    log(f"{task.cancelled()} {cond.locked()}")
