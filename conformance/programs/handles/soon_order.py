"""call_soon runs first in, first out, with its arguments; what a callback adds waits for the next iteration."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()

    def pair(a, b):
        log(f"{a} {b}")
        loop.call_soon(log, f"added by {a}")

    loop.call_soon(pair, 1, 2)
    loop.call_soon(log, "single")
    loop.call_soon(pair, 3, 4)
    log("main goes on")
    await asyncio.sleep(0)
    log("main again")
    await asyncio.sleep(0)
    log("end")
