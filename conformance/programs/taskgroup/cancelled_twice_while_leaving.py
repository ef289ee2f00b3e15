"""Cancelling the parent again while its children clean up does not leave them behind."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            log("cleaning")
            await asyncio.sleep(5)
            log("clean")

    async def parent():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(child())
        finally:
            log(f"parent leaves {asyncio.current_task().cancelling()}")

    task = asyncio.create_task(parent())
    await asyncio.sleep(1)
    task.cancel("one")
    await asyncio.sleep(1)
    task.cancel("two")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
