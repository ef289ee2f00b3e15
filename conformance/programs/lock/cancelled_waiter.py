"""A waiter that is cancelled leaves the queue."""

import asyncio

from conformance import show


async def main(log):
    lock = asyncio.Lock()

    async def worker(name):
        try:
            async with lock:
                log(f"{name} has it")
                await asyncio.sleep(2)
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise

    tasks = [asyncio.create_task(worker(name)) for name in "abc"]
    await asyncio.sleep(1)
    tasks[1].cancel()
    log(show(await asyncio.gather(*tasks, return_exceptions=True)))
    log(show(lock.locked()))
