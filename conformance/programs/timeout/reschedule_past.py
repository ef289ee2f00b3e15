"""Rescheduled into the past, the block is cancelled at its next await."""

import asyncio

from conformance import describe


async def main(log):
    async def ticker():
        for n in range(3):
            log(f"tick {n}")
            await asyncio.sleep(0)

    asyncio.create_task(ticker())
    try:
        async with asyncio.timeout(None) as scope:
            await asyncio.sleep(1)
            scope.reschedule(0)
            log("still running")
            await asyncio.sleep(0)
            log("one more turn")
            await asyncio.sleep(0)
            log("never")
    except TimeoutError as error:
        log(describe(error))
