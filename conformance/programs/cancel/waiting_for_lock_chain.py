"""A task that cancels a whole chain in one step leaves them in order."""

import asyncio

from conformance import show


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise

    tasks = [asyncio.create_task(child(name)) for name in "abcd"]
    await asyncio.sleep(1)
    for task in (tasks[3], tasks[0], tasks[2], tasks[1]):
        task.cancel()
    log(show(await asyncio.gather(*tasks, return_exceptions=True)))
