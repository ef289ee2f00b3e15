"""Timers run by deadline, then in the order in which they were set, by call_later or call_at."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    loop.call_later(2, log, "2 a")
    loop.call_later(1, log, "1 a")
    loop.call_at(loop.time() + 2, log, "2 b")
    loop.call_at(loop.time() + 1, log, "1 b")
    loop.call_later(1, log, "1 c")
    loop.call_later(0.5, loop.call_later, 0.5, log, "1 d")
    await asyncio.sleep(3)
