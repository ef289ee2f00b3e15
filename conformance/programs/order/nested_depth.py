"""Steps of two tasks alternate, however deep their awaits are nested."""

import asyncio


async def main(log):
    async def deep(n):
        if n == 0:
            await asyncio.sleep(0)
        else:
            await deep(n - 1)

    async def worker(name, depth):
        for step in range(4):
            log(f"{name}{step}")
            await deep(depth)

    await asyncio.gather(worker("A", 5), worker("B", 0), worker("C", 2))
