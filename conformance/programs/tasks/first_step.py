"""A task's first step comes after the step that made it, in the order of creation."""

import asyncio

from conformance import show


async def main(log):
    async def child(name):
        log(f"{name} begins")
        if name == "a":
            asyncio.create_task(child("a1"))
        return name

    tasks = [asyncio.create_task(child(name)) for name in "abc"]
    log("made")
    log(show([await task for task in tasks]))
    await asyncio.sleep(0)
