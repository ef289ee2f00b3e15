"""notify(n) wakes so many waiters; each goes on only when it has the lock again."""

import asyncio


async def main(log):
    cond = asyncio.Condition()

    async def waiter(name):
        async with cond:
            log(f"{name} waits")
            log(f"{name} {await cond.wait()}")
            await asyncio.sleep(1)
            log(f"{name} leaves")

    tasks = [asyncio.create_task(waiter(name)) for name in "abcd"]
    await asyncio.sleep(1)
    async with cond:
        cond.notify(2)
        log("notified 2")
        await asyncio.sleep(1)
        log("main leaves")
    await asyncio.sleep(5)
    async with cond:
        cond.notify_all()
    await asyncio.gather(*tasks)
