"""A cancellation that comes while a task is between turns is raised at its next step."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        try:
            log("yields")
            await asyncio.sleep(0)
            log("never")
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    task.cancel("zero")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
