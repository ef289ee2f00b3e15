"""Hundreds of cancelled timers do not disturb the order of the rest."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    timers = [loop.call_later(1 + n % 7, log, f"timer {n}") for n in range(300)]
    for n, timer in enumerate(timers):
        if n % 25 != 0:
            timer.cancel()
    await asyncio.sleep(10)
