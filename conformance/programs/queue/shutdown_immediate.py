"""shutdown(immediate=True) empties the queue and wakes everybody, join() included."""

import asyncio

from conformance import describe, show


async def main(log):
    queue = asyncio.Queue()

    async def joiner():
        await queue.join()
        log("joined")

    async def getter(name):
        try:
            log(f"{name} got {await queue.get()}")
        except asyncio.QueueShutDown as error:
            log(f"{name} {describe(error)}")

    tasks = [asyncio.create_task(getter(name)) for name in "ab"]
    await asyncio.sleep(1)
    log("shut down")
    queue.shutdown(immediate=True)
    await asyncio.gather(*tasks)

    queue = asyncio.Queue()
    queue.put_nowait(1)
    queue.put_nowait(2)
    waiting = asyncio.create_task(joiner())
    await asyncio.sleep(1)
    queue.shutdown(immediate=True)
    log(show(queue.qsize()))
    await waiting
