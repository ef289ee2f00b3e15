"""A cancelled child makes gather fail with CancelledError, but not be cancelled."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        await asyncio.sleep(5)

    a = asyncio.create_task(child())
    b = asyncio.create_task(child())
    outer = asyncio.gather(a, b)
    await asyncio.sleep(1)
    a.cancel("child")
    try:
        await outer
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{outer.cancelled()} {outer.done()} {b.done()} {asyncio.current_task().cancelling()}")
    log(describe(outer.exception()))
    await b
