"""A task that cancels itself is interrupted at its next await."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        asyncio.current_task().cancel("self")
        log("still running")
        try:
            await asyncio.sleep(0)
            log("never")
        except asyncio.CancelledError as error:
            log(describe(error))
        await asyncio.sleep(1)
        log("slept")
        return "fine"

    log(await asyncio.create_task(child()))
