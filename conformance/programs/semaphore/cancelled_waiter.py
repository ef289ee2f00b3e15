"""A waiter that is cancelled after it was given its slot gives it to the next."""

import asyncio

from conformance import show


async def main(log):
    sem = asyncio.Semaphore(0)

    async def waiter(name):
        try:
            await sem.acquire()
            log(f"{name} in")
        except asyncio.CancelledError:
            log(f"{name} cancelled")

    tasks = [asyncio.create_task(waiter(name)) for name in "abc"]
    await asyncio.sleep(0)
    sem.release()
    tasks[0].cancel()
    await asyncio.sleep(1)
    log(show([task.done() for task in tasks]))
    sem.release()
    await asyncio.gather(*tasks)
    log(show(sem.locked()))
