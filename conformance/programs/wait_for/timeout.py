"""When the time is up the awaited task is cancelled and TimeoutError is raised after its cleanup."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(describe(error))
            await asyncio.sleep(3)
            log("cleaned up")
            raise

    for make in (lambda: child(), lambda: asyncio.create_task(child(), name="child")):
        try:
            await asyncio.wait_for(make(), 2)
        except TimeoutError as error:
            log(describe(error))
        log(show(asyncio.current_task().cancelling()))
