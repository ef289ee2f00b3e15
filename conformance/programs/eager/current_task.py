"""The current task is the eager one during its first step, and the caller's after it."""

import asyncio


async def main(log):
    async def inner():
        log("inner")
        await asyncio.sleep(0)
        log("inner again")

    async def outer():
        log("outer")
        task = asyncio.create_task(inner(), eager_start=True, name="inner")
        log("outer goes on")
        await task
        log("outer ends")

    await asyncio.create_task(outer(), eager_start=True, name="outer")
    log("main")
