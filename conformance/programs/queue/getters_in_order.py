"""Getters are served in the order in which they came."""

import asyncio


async def main(log):
    queue = asyncio.Queue()

    async def getter(name):
        log(f"{name} got {await queue.get()}")

    tasks = [asyncio.create_task(getter(name)) for name in "abc"]
    await asyncio.sleep(1)
    for n in range(3):
        queue.put_nowait(n)
    log("put 3")
    await asyncio.gather(*tasks)
