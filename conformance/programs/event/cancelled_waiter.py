"""A cancelled waiter does not disturb the others."""

import asyncio

from conformance import describe


async def main(log):
    event = asyncio.Event()

    async def waiter(name):
        try:
            await event.wait()
            log(f"{name} goes on")
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")

    tasks = [asyncio.create_task(waiter(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel("b")
    await asyncio.sleep(0)
    event.set()
    await asyncio.gather(*tasks)
