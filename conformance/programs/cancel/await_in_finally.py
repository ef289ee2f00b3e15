"""A finally block may await; a second cancel interrupts it there."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            try:
                log("cleaning up")
                await asyncio.sleep(5)
                log("never")
            except asyncio.CancelledError as error:
                log(f"interrupted {describe(error)}")
                raise

    task = asyncio.create_task(child())
    await asyncio.sleep(1)
    task.cancel("one")
    await asyncio.sleep(1)
    task.cancel("two")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
    log(show(task.cancelling()))
