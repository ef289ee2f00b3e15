"""Sleepers with equal deadlines wake in the order in which they lay down."""

import asyncio


async def main(log):
    async def sleeper(name, delay):
        await asyncio.sleep(delay)
        log(name)

    await asyncio.gather(*(sleeper(f"s{n}", 1) for n in range(6)), sleeper("early", 0.5))
