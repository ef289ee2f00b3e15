"""A get_nowait can take the item from a getter that was woken; it waits again."""

import asyncio

from conformance import show


async def main(log):
    queue = asyncio.Queue()

    async def getter():
        log(f"got {await queue.get()}")

    task = asyncio.create_task(getter())
    await asyncio.sleep(0)
    queue.put_nowait("first")
    log(f"stolen {queue.get_nowait()}")
    await asyncio.sleep(1)
    log(show(task.done()))
    queue.put_nowait("second")
    await task
