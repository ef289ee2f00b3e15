"""timeout_at takes a time of the loop's clock."""

import asyncio

from conformance import describe, show


async def main(log):
    loop = asyncio.get_running_loop()
    await asyncio.sleep(3)
    try:
        async with asyncio.timeout_at(5) as scope:
            log(show(scope.when()))
            await asyncio.sleep(10)
    except TimeoutError as error:
        log(describe(error))
    async with asyncio.timeout_at(None) as scope:
        log(show(scope.when()))
