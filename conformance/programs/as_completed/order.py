"""as_completed gives the original tasks in the order in which they end."""

import asyncio


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)
        return delay

    tasks = [asyncio.create_task(child(delay), name=f"t{delay}") for delay in (3, 1, 2)]
    async for task in asyncio.as_completed(tasks):
        log(f"{task.get_name()} {task.result()} {task in tasks}")
