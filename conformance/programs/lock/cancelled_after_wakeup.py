"""A waiter that is cancelled after it was woken passes the wake-up on."""

import asyncio

from conformance import show


async def main(log):
    lock = asyncio.Lock()

    async def worker(name):
        try:
            async with lock:
                log(f"{name} has it")
        except asyncio.CancelledError:
            log(f"{name} cancelled")

    await lock.acquire()
    a = asyncio.create_task(worker("a"))
    b = asyncio.create_task(worker("b"))
    await asyncio.sleep(0)
    lock.release()
    a.cancel()
    await asyncio.gather(a, b)
    log(show(lock.locked()))
