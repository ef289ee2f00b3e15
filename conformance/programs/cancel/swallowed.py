"""A cancellation that is caught is over; the count stays."""

import asyncio


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log(f"swallowed, {asyncio.current_task().cancelling()}")
        await asyncio.sleep(1)
        return "result"

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    task.cancel()
    log(await task)
    log(f"{task.cancelled()} {task.cancelling()}")
