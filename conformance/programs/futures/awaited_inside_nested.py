"""A future awaited deep inside wakes only its task, in its place in the queue."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    fut = loop.create_future()

    async def level(n):
        return await fut if n == 0 else await level(n - 1)

    async def waiter(name, depth):
        log(f"{name} {await level(depth)}")

    tasks = [asyncio.create_task(waiter(name, depth)) for name, depth in (("deep", 8), ("flat", 0), ("mid", 3))]
    await asyncio.sleep(0)
    fut.set_result("x")
    loop.call_soon(log, "callback after")
    await asyncio.gather(*tasks)
