"""A timeout can be moved later, earlier, and off while its block runs."""

import asyncio

from conformance import describe, show


async def main(log):
    try:
        async with asyncio.timeout(2) as scope:
            loop = asyncio.get_running_loop()
            scope.reschedule(loop.time() + 5)
            log(show(scope.when()))
            await asyncio.sleep(3)
            scope.reschedule(None)
            log(show(scope.when()))
            await asyncio.sleep(10)
            scope.reschedule(loop.time() + 1)
            log(show(scope.when()))
            await asyncio.sleep(10)
    except TimeoutError as error:
        log(describe(error))
