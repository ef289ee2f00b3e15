"""A bounded queue holds the producer back."""

import asyncio


async def main(log):
    queue = asyncio.Queue(2)

    async def producer():
        for n in range(5):
            await queue.put(n)
            log(f"put {n}, {queue.qsize()} in the queue")

    async def consumer():
        for _ in range(5):
            await asyncio.sleep(1)
            log(f"got {await queue.get()}")

    await asyncio.gather(producer(), consumer())
    log(f"{queue.empty()} {queue.full()} {queue.maxsize}")
