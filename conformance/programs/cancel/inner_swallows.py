"""If the awaited task swallows the cancellation, the awaiting task goes on with its result."""

import asyncio


async def main(log):
    async def inner():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "swallowed"

    async def outer():
        log(await asyncio.create_task(inner()))
        await asyncio.sleep(1)
        return "not cancelled"

    task = asyncio.create_task(outer())
    await asyncio.sleep(1)
    task.cancel()
    log(f"{await task} {task.cancelling()}")
