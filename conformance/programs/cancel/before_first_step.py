"""A task that is cancelled before its first step never runs its body."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        log("never")

    task = asyncio.create_task(child())
    log(show(task.cancel()))
    log(f"{task.cancelling()} {task.done()} {task.cancelled()}")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{task.done()} {task.cancelled()}")
    log(show(task.cancel()))
