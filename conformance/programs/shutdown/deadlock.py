"""A main task that waits for what never comes deadlocks; then everything is cancelled."""

import asyncio


async def main(log):
    async def left():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            log("left ends")

    asyncio.create_task(left())
    await asyncio.sleep(1)
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        log("main ends")
