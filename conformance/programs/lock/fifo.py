"""A lock is handed on in the order in which the tasks asked for it."""

import asyncio


async def main(log):
    lock = asyncio.Lock()

    async def worker(name):
        log(f"{name} asks")
        async with lock:
            log(f"{name} has it")
            await asyncio.sleep(1)
            log(f"{name} gives it back")
        log(f"{name} ends, locked: {lock.locked()}")

    await asyncio.gather(worker("a"), worker("b"), worker("c"))
