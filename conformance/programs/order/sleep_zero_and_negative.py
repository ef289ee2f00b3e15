"""sleep(0) and a negative sleep are one bare turn; the result is handed through."""

import asyncio

from conformance import show


async def main(log):
    async def ticker():
        for n in range(4):
            log(f"tick {n}")
            await asyncio.sleep(0)

    task = asyncio.create_task(ticker())
    log(show(await asyncio.sleep(0, "zero")))
    log(show(await asyncio.sleep(-5, "negative")))
    log(show(await asyncio.sleep(0)))
    log(show(await asyncio.sleep(2, "two")))
    await task
