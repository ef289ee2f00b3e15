"""Tasks that are left when main returns are cancelled in the order of creation, and awaited."""

import asyncio

from conformance import describe


async def main(log):
    async def left(name, cleanup):
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")
            await asyncio.sleep(cleanup)
            log(f"{name} has cleaned up")
            raise

    for name, cleanup in (("a", 2), ("b", 1), ("c", 0)):
        asyncio.create_task(left(name, cleanup))
    await asyncio.sleep(1)
    log("main ends")
