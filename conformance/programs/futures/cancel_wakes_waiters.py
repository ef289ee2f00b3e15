"""Cancelling a future wakes its waiters with CancelledError; they are not cancelled themselves."""

import asyncio

from conformance import describe, show


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    async def waiter(name):
        try:
            await fut
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)} {asyncio.current_task().cancelling()}")
        return name

    tasks = [asyncio.create_task(waiter(name)) for name in "ab"]
    await asyncio.sleep(0)
    fut.cancel("future")
    log(show(await asyncio.gather(*tasks)))
