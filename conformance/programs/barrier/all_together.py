"""A barrier lets all go when the last has come, and can be used again."""

import asyncio


async def main(log):
    barrier = asyncio.Barrier(3)

    async def worker(name, delay):
        for turn in range(2):
            await asyncio.sleep(delay)
            log(f"{name} comes, {barrier.n_waiting} are there")
            index = await barrier.wait()
            log(f"{name} goes, index {index}")

    await asyncio.gather(worker("a", 1), worker("b", 2), worker("c", 3))
    log(f"{barrier.parties} {barrier.n_waiting} {barrier.broken}")
