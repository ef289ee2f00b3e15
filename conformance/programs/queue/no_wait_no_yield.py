"""get and put that need not wait cost no turn."""

import asyncio


async def main(log):
    queue = asyncio.Queue(2)
    asyncio.get_running_loop().call_soon(log, "callback")
    await queue.put("a")
    await queue.put("b")
    log(await queue.get())
    log(await queue.get())
    await asyncio.sleep(0)
