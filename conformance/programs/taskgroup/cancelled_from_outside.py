"""Cancelling the parent cancels the children, and CancelledError comes out with its message."""

import asyncio

from conformance import describe


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")
            await asyncio.sleep(1)
            log(f"{name} has cleaned up")
            raise

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(child("a"))
            group.create_task(child("b"))
        log("never")

    task = asyncio.create_task(parent(), name="parent")
    await asyncio.sleep(1)
    task.cancel("outside")
    try:
        await task
    except asyncio.CancelledError as error:
        log(f"{describe(error)} {task.cancelling()}")
