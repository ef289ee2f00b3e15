"""Cancelling a task that gathers cancels the children in order and keeps its message."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")
            raise

    async def parent():
        try:
            await asyncio.gather(child("a"), child("b"), child("c"))
        except asyncio.CancelledError as error:
            log(f"parent {describe(error)}")
            raise

    task = asyncio.create_task(parent())
    await asyncio.sleep(1)
    log(show(task.cancel("stop")))
    try:
        await task
    except asyncio.CancelledError as error:
        log(f"main {describe(error)}")
