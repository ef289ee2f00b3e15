"""A task that returns with a cancellation pending ends cancelled."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        asyncio.current_task().cancel("late")
        log("returns")
        return "lost"

    task = asyncio.create_task(child())
    try:
        log(await task)
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{task.cancelled()} {task.cancelling()}")
