"""A timer whose time has come can still be cancelled by one that runs before it."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    loop.call_later(1, lambda: (log("first"), victim.cancel()))
    victim = loop.call_later(1, log, "victim")
    loop.call_later(1, log, "third")
    await asyncio.sleep(1)
    log("main")
