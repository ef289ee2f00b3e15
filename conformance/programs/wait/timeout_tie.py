"""A timeout and an end at the same instant: the earlier timer decides who is seen as done."""

import asyncio


async def main(log):
    async def child(name, delay):
        await asyncio.sleep(delay)
        log(f"{name} ends")

    early = asyncio.create_task(child("early", 1))
    await asyncio.sleep(0)
    done, pending = await asyncio.wait([early], timeout=1)
    log(f"{len(done)} {len(pending)}")
    late = asyncio.create_task(child("late", 1))
    done, pending = await asyncio.wait([late], timeout=1)
    log(f"{len(done)} {len(pending)}")
    await late
