"""If what is awaited swallows the cancellation and returns, its value is the result."""

import asyncio

from conformance import show


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log("swallowed")
        return "value"

    log(show(await asyncio.wait_for(asyncio.create_task(child()), 1)))
    log(show(await asyncio.wait_for(child(), 1)))
    log(show(asyncio.current_task().cancelling()))
