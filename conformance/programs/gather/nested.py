"""A gather inside a gather is cancelled with it."""

import asyncio

from conformance import describe


async def main(log):
    async def child(name, delay):
        try:
            await asyncio.sleep(delay)
            log(f"{name} ends")
            return name
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise

    inner = asyncio.gather(child("a", 1), child("b", 5))
    outer = asyncio.gather(inner, child("c", 5))
    await asyncio.sleep(2)
    outer.cancel()
    try:
        await outer
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{inner.done()} {outer.done()}")
