"""A timer that is set when main returns never fires, but what is ready still runs."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    loop.call_later(1, log, "never")
    loop.call_soon(log, "ready")
    log("main ends")
