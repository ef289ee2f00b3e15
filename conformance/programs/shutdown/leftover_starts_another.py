"""A task that a leftover starts while it cleans up is not awaited."""

import asyncio


async def main(log):
    async def another():
        log("another begins")
        await asyncio.sleep(5)
        log("never")

    async def left():
        try:
            await asyncio.sleep(100)
        finally:
            asyncio.create_task(another())
            await asyncio.sleep(1)
            log("left ends")

    asyncio.create_task(left())
    await asyncio.sleep(1)
