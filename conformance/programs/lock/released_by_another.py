"""Any task may give the lock back."""

import asyncio


async def main(log):
    lock = asyncio.Lock()

    async def helper():
        lock.release()
        log("given back")

    await lock.acquire()
    asyncio.create_task(helper())
    await lock.acquire()
    log("has it again")
