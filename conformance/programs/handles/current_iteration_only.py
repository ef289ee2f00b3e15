"""A callback that adds itself again and again does not starve the others."""

import asyncio

from conformance import show


async def main(log):
    loop = asyncio.get_running_loop()
    count = 0

    def greedy():
        nonlocal count
        count += 1
        if count < 50:
            loop.call_soon(greedy)

    loop.call_soon(greedy)
    for _ in range(5):
        log(show(count))
        await asyncio.sleep(0)
    loop.call_later(0, lambda: log(f"timer after {count}"))
    await asyncio.sleep(1)
    log(show(count))
