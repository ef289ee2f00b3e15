"""A main task that lets a cancellation go ends cancelled."""

import asyncio


async def main(log):
    asyncio.get_running_loop().call_later(1, asyncio.current_task().cancel, "enough")
    try:
        await asyncio.sleep(10)
    finally:
        log("finally")
