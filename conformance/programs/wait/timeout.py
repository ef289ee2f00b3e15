"""A timeout of wait raises nothing and cancels nothing."""

import asyncio

from conformance import show


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)
        log("ends")

    tasks = [asyncio.create_task(child(delay), name=f"t{n}") for n, delay in enumerate([1, 2, 3])]
    done, pending = await asyncio.wait(tasks, timeout=2)
    log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
    done, pending = await asyncio.wait(tasks, timeout=0)
    log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
    done, pending = await asyncio.wait(tasks, timeout=None)
    log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
