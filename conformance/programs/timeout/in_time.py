"""A block that ends in time is left alone, and its timer is gone."""

import asyncio

from conformance import show


async def main(log):
    async with asyncio.timeout(2) as scope:
        await asyncio.sleep(1)
        log("done")
    log(show(scope.expired()))
    await asyncio.sleep(5)
    log("nothing came")
