"""FIRST_COMPLETED wakes when one is done; those done by the time of waking are in done."""

import asyncio

from conformance import show


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)
        log("ends")

    tasks = [asyncio.create_task(child(delay), name=f"t{n}") for n, delay in enumerate([2, 1, 1, 3])]
    pending = tasks
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
