"""A timeout entered by a task that has been cancelled already still works."""

import asyncio

from conformance import describe


async def main(log):
    task = asyncio.current_task()
    task.cancel("before")
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError as error:
        log(describe(error))
    try:
        async with asyncio.timeout(1):
            await asyncio.sleep(10)
    except TimeoutError as error:
        log(f"{describe(error)} {task.cancelling()}")
    task.uncancel()
