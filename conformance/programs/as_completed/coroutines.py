"""Coroutines become tasks; all of them run while the loop body is busy."""

import asyncio


async def main(log):
    async def child(name, delay):
        log(f"{name} begins")
        await asyncio.sleep(delay)
        log(f"{name} ends")
        return name

    async for task in asyncio.as_completed([child("a", 1), child("b", 1), child("c", 2)]):
        log(f"got {task.result()}")
        await asyncio.sleep(5)
