"""The block is cancelled at the deadline and TimeoutError comes out."""

import asyncio

from conformance import describe, show


async def main(log):
    scope = asyncio.timeout(2)
    try:
        async with scope:
            log(show([scope.when(), scope.expired()]))
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                log(f"{describe(error)} {asyncio.current_task().cancelling()} {scope.expired()}")
                raise
    except TimeoutError as error:
        log(describe(error))
    log(show([scope.when(), scope.expired(), asyncio.current_task().cancelling()]))
