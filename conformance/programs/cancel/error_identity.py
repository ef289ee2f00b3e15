"""The CancelledError object that a task's body lets go is the one its awaiter gets."""

import asyncio

from conformance import show


async def main(log):
    kept = []

    async def inner():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            kept.append(error)
            raise

    async def middle():
        try:
            await asyncio.create_task(inner())
        except asyncio.CancelledError as error:
            kept.append(error)
            raise

    task = asyncio.create_task(middle())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel("same")
    try:
        await task
    except asyncio.CancelledError as error:
        kept.append(error)
    log(show([kept[0] is kept[1], kept[1] is kept[2]]))
