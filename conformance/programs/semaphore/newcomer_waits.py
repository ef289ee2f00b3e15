"""A newcomer does not overtake a waiter that was woken."""

import asyncio

from conformance import show


async def main(log):
    sem = asyncio.Semaphore(0)

    async def waiter():
        await sem.acquire()
        log("waiter in")

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    sem.release()
    log(show(sem.locked()))
    asyncio.get_running_loop().call_later(1, sem.release)
    await sem.acquire()
    log("newcomer in")
    await task
