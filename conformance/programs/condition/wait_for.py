"""wait_for waits until the predicate holds, and gives its value."""

import asyncio


async def main(log):
    cond = asyncio.Condition()
    value = 0

    def enough():
        log(f"looks at {value}")
        return value if value >= 2 else 0

    async def waiter():
        async with cond:
            log(f"got {await cond.wait_for(enough)}")

    task = asyncio.create_task(waiter())
    for n in range(4):
        await asyncio.sleep(1)
        async with cond:
            value = n
            cond.notify()
    await task
