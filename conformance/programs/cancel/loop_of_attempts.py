"""A task that catches every cancellation has to be asked each time."""

import asyncio

from conformance import describe


async def main(log):
    async def stubborn():
        caught = 0
        while caught < 3:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                caught += 1
                log(f"{caught} {describe(error)}")
        return "gives in"

    task = asyncio.create_task(stubborn())
    for n in range(3):
        await asyncio.sleep(1)
        task.cancel(f"attempt {n}")
    log(await task)
