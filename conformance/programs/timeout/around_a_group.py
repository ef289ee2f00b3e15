"""A timeout around a task group cancels its tasks; the TimeoutError is bare."""

import asyncio

from conformance import describe


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        finally:
            log(f"{name} ends")

    try:
        async with asyncio.timeout(1):
            async with asyncio.TaskGroup() as group:
                group.create_task(child("a"))
                group.create_task(child("b"))
    except TimeoutError as error:
        log(describe(error))
