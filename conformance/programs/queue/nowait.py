"""get_nowait and put_nowait raise when they would wait."""

import asyncio

from conformance import describe


async def main(log):
    queue = asyncio.Queue(1)
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty as error:
        log(describe(error))
    queue.put_nowait("one")
    try:
        queue.put_nowait("two")
    except asyncio.QueueFull as error:
        log(describe(error))
    log(queue.get_nowait())
