"""A getter that is cancelled after it was woken wakes the next; nothing is lost."""

import asyncio

from conformance import show


async def main(log):
    queue = asyncio.Queue()

    async def getter(name):
        try:
            log(f"{name} got {await queue.get()}")
        except asyncio.CancelledError:
            log(f"{name} cancelled")

    a = asyncio.create_task(getter("a"))
    b = asyncio.create_task(getter("b"))
    await asyncio.sleep(0)
    queue.put_nowait("item")
    a.cancel()
    await asyncio.gather(a, b)
    log(show(queue.qsize()))
