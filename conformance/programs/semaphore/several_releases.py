"""Several releases at once let several waiters in, in order."""

import asyncio

from conformance import show


async def main(log):
    sem = asyncio.Semaphore(0)

    async def waiter(name):
        await sem.acquire()
        log(f"{name} in")

    tasks = [asyncio.create_task(waiter(name)) for name in "abcd"]
    await asyncio.sleep(0)
    for _ in range(3):
        sem.release()
    log("released 3")
    await asyncio.sleep(1)
    sem.release()
    sem.release()
    await asyncio.gather(*tasks)
    log(show(sem.locked()))
