"""A waiter that is cancelled after it was notified hands the notification on."""

import asyncio


async def main(log):
    cond = asyncio.Condition()

    async def waiter(name):
        async with cond:
            try:
                await cond.wait()
                log(f"{name} notified")
            except asyncio.CancelledError:
                log(f"{name} cancelled")

    a = asyncio.create_task(waiter("a"))
    b = asyncio.create_task(waiter("b"))
    await asyncio.sleep(1)
    async with cond:
        cond.notify()
        a.cancel()
    await asyncio.sleep(1)
    log(f"{a.done()} {b.done()}")
    async with cond:
        cond.notify()
    await asyncio.gather(a, b)
