"""An outside cancellation goes through wait_for to the awaited task and is not a timeout."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"child {describe(error)}")
            raise

    async def parent():
        try:
            await asyncio.wait_for(asyncio.create_task(child(), name="child"), 5)
        except asyncio.CancelledError as error:
            log(f"parent {describe(error)}")
            raise

    task = asyncio.create_task(parent(), name="parent")
    await asyncio.sleep(1)
    task.cancel("outside")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
