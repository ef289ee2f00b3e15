"""What is ready runs before a timer that has become due in the same iteration."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()

    def again(n):
        log(f"soon {n}")
        if n < 3:
            loop.call_soon(again, n + 1)

    loop.call_later(0, log, "timer 0")
    loop.call_later(-1, log, "timer -1")
    loop.call_soon(again, 0)
    for n in range(4):
        log(f"main {n}")
        await asyncio.sleep(0)
