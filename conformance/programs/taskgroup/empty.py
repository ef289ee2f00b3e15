"""A group without children costs no turn."""

import asyncio


async def main(log):
    asyncio.get_running_loop().call_soon(log, "callback")
    async with asyncio.TaskGroup():
        log("body")
    log("after")
    await asyncio.sleep(0)
