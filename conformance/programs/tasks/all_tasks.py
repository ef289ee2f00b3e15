"""all_tasks() holds what is not done, in the order of creation."""

import asyncio

from conformance import show


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)

    def names():
        return show(sorted(task.get_name() for task in asyncio.all_tasks()))

    tasks = [asyncio.create_task(child(delay), name=f"t{delay}") for delay in (2, 1, 3)]
    log(names())
    await asyncio.sleep(1.5)
    log(names())
    tasks[2].cancel()
    log(names())
    await asyncio.sleep(0)
    log(names())
    await tasks[0]
    log(names())
