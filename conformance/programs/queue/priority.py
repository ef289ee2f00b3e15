"""A PriorityQueue gives the smallest, a LifoQueue the latest."""

import asyncio

from conformance import show


async def main(log):
    for queue in (asyncio.Queue(), asyncio.PriorityQueue(), asyncio.LifoQueue()):
        for n in (5, 1, 4, 2, 3):
            queue.put_nowait(n)
        log(show([queue.get_nowait() for _ in range(5)]))
