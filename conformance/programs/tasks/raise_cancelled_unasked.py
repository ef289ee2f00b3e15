"""A task that raises CancelledError without having been asked ends cancelled."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        raise asyncio.CancelledError("own idea")

    task = asyncio.create_task(child())
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{task.cancelled()} {task.cancelling()} {asyncio.current_task().cancelling()}")
