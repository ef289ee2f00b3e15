"""Those who await one task wake in the order in which they began to wait."""

import asyncio

from conformance import show


async def main(log):
    async def worker():
        await asyncio.sleep(1)
        log("worker is done")
        return 5

    async def waiter(name, task):
        log(f"{name} {await task}")

    task = asyncio.create_task(worker())
    others = [asyncio.create_task(waiter(name, task)) for name in "xyz"]
    task.add_done_callback(lambda done: log("callback"))
    log(show(await task))
    for other in others:
        await other
