"""A get with a timeout gives up without losing an item."""

import asyncio

from conformance import describe, show


async def main(log):
    queue = asyncio.Queue()
    try:
        await asyncio.wait_for(queue.get(), 1)
    except TimeoutError as error:
        log(describe(error))
    asyncio.get_running_loop().call_later(1, queue.put_nowait, "item")
    log(await asyncio.wait_for(queue.get(), 2))
    log(show(queue.empty()))
