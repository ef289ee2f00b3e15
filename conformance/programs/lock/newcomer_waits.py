"""Who comes between a release and the waiter's wake-up must queue."""

import asyncio

from conformance import show


async def main(log):
    lock = asyncio.Lock()

    async def waiter():
        await lock.acquire()
        log("waiter has it")
        await asyncio.sleep(1)
        lock.release()

    await lock.acquire()
    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    lock.release()
    log(show(lock.locked()))
    await lock.acquire()
    log("newcomer has it")
    lock.release()
    await task
