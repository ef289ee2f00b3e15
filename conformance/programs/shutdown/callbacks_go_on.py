"""Callbacks that add callbacks still run for the turns that asyncio.run takes to shut down."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()

    def chain(n):
        log(f"callback {n}")
        if n < 20:
            loop.call_soon(chain, n + 1)

    loop.call_soon(chain, 0)
    log("main ends")
