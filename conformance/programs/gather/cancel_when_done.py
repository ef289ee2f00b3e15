"""Cancelling a gather that is done does nothing."""

import asyncio

from conformance import show


async def main(log):
    async def child():
        return 1

    outer = asyncio.gather(child(), child())
    log(show(await outer))
    log(f"{outer.cancel()} {outer.cancelled()}")
