"""Cancelling a task that awaits a task cancels the innermost first; the message goes down and up."""

import asyncio

from conformance import describe


async def main(log):
    async def inner():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"inner {describe(error)}")
            raise

    async def middle():
        try:
            await asyncio.create_task(inner(), name="inner")
        except asyncio.CancelledError as error:
            log(f"middle {describe(error)}")
            raise

    task = asyncio.create_task(middle(), name="middle")
    await asyncio.sleep(1)
    task.cancel("down")
    try:
        await task
    except asyncio.CancelledError as error:
        log(f"main {describe(error)}")
