"""A block that swallows the cancellation ends normally, although the timeout expired."""

import asyncio


async def main(log):
    async with asyncio.timeout(1) as scope:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log(f"swallowed {asyncio.current_task().cancelling()}")
        await asyncio.sleep(1)
        log("went on")
    log(f"{scope.expired()} {asyncio.current_task().cancelling()}")
