"""The block ends when every child has, also those that children made."""

import asyncio


async def main(log):
    async def child(name, delay):
        log(f"{name} begins")
        await asyncio.sleep(delay)
        if name == "a":
            group.create_task(child("a1", 2))
        log(f"{name} ends")
        return name

    async with asyncio.TaskGroup() as group:
        a = group.create_task(child("a", 1), name="a")
        group.create_task(child("b", 2))
        log("body ends")
    log(a.result())
