"""A semaphore lets so many in at a time, first come, first served."""

import asyncio

from conformance import show


async def main(log):
    sem = asyncio.Semaphore(2)

    async def worker(name, time):
        async with sem:
            log(f"{name} in, locked: {sem.locked()}")
            await asyncio.sleep(time)
            log(f"{name} out")

    await asyncio.gather(worker("a", 3), worker("b", 1), worker("c", 1), worker("d", 1), worker("e", 1))
    log(show(sem.locked()))
