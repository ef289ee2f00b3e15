"""A task that is made in main's last step begins before the loop stops, and is cancelled then."""

import asyncio


async def main(log):
    async def left():
        log("begins")
        try:
            await asyncio.sleep(0)
            log("never")
        finally:
            log("cancelled")

    asyncio.create_task(left())
    log("main ends")
