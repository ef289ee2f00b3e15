"""A child that is cancelled alone leaves the group alone."""

import asyncio

from conformance import show


async def main(log):
    async def child(name):
        await asyncio.sleep(2)
        log(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        a = group.create_task(child("a"))
        group.create_task(child("b"))
        await asyncio.sleep(1)
        a.cancel()
    log(show(a.cancelled()))
