"""A cancelled gather raises, even with return_exceptions."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            if name == "b":
                return "swallowed"
            raise

    async def parent():
        try:
            log(show(await asyncio.gather(child("a"), child("b"), return_exceptions=True)))
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    task = asyncio.create_task(parent())
    await asyncio.sleep(1)
    task.cancel("outside")
    log(show(await asyncio.gather(task, return_exceptions=True)))
