"""An interrupt right after the main task's end: what is left is cancelled, and waited for, all the same."""

import asyncio

from conformance import describe


async def main(log):
    async def lingers():
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError as error:
            log(f"lingers: {describe(error)}")
            await asyncio.sleep(0)
            log("takes a turn")
            await asyncio.sleep(1)
            log("takes a second")
            raise ValueError("while it cleaned up") from error

    async def interrupts():
        log("interrupts")
        raise KeyboardInterrupt("after main")

    asyncio.create_task(lingers())
    await asyncio.sleep(0)
    asyncio.create_task(interrupts())
    log("main ends")
