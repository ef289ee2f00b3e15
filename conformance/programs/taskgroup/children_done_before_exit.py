"""A child that is done already still takes its done callback's turn."""

import asyncio


async def main(log):
    async def child():
        log("child")

    async with asyncio.TaskGroup() as group:
        group.create_task(child())
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(log, "callback")
        log("body ends")
    log("after")
    await asyncio.sleep(0)
