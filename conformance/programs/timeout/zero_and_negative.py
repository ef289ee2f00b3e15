"""A deadline that has passed lets the block run up to its first await."""

import asyncio

from conformance import describe, show


async def main(log):
    for delay in (0, -3):
        try:
            async with asyncio.timeout(delay) as scope:
                log(f"runs {show(scope.when())}")
                await asyncio.sleep(0)
                log("never")
        except TimeoutError as error:
            log(describe(error))
    async with asyncio.timeout(0):
        log("without an await nothing happens")
    log(show(asyncio.current_task().cancelling()))
