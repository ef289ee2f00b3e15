"""After shutdown() nothing can be put; getters get what is left, then QueueShutDown."""

import asyncio

from conformance import describe


async def main(log):
    queue = asyncio.Queue(2)

    async def put(item):
        try:
            await queue.put(item)
            log(f"put {item}")
        except asyncio.QueueShutDown as error:
            log(f"{item} {describe(error)}")

    async def get(name):
        try:
            log(f"{name} got {await queue.get()}")
        except asyncio.QueueShutDown as error:
            log(f"{name} {describe(error)}")

    await put(1)
    await put(2)
    blocked = asyncio.create_task(put(3))
    await asyncio.sleep(1)
    queue.shutdown()
    await blocked
    await put(4)
    for name in "abc":
        await get(name)
