"""Leaving the loop early leaves the rest running."""

import asyncio

from conformance import show


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)
        log(f"{delay} ends")
        return delay

    tasks = [asyncio.create_task(child(delay)) for delay in (1, 2, 3)]
    async for task in asyncio.as_completed(tasks):
        log(f"got {task.result()}")
        break
    await asyncio.sleep(2.5)
    log(show([task.done() for task in tasks]))
