"""Two nested timeouts with one deadline: both fire, the outer one raises."""

import asyncio

from conformance import describe, show


async def main(log):
    try:
        async with asyncio.timeout(1):
            try:
                async with asyncio.timeout(1):
                    await asyncio.sleep(5)
            except TimeoutError as error:
                log(f"inner {describe(error)}")
                raise
            except asyncio.CancelledError as error:
                log(f"inner {describe(error)}")
                raise
    except TimeoutError as error:
        log(f"outer {describe(error)}")
    log(show(asyncio.current_task().cancelling()))
