"""Cancelling gather cancels every child and waits for all of them."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child(name, cleanup):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")
            await asyncio.sleep(cleanup)
            log(f"{name} has cleaned up")
            raise

    outer = asyncio.gather(child("a", 2), child("b", 1))
    await asyncio.sleep(1)
    log(show(outer.cancel("all")))
    log(f"{outer.done()} {outer.cancelled()}")
    try:
        await outer
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{outer.done()} {outer.cancelled()}")
