"""When the outer timeout fires, the inner block sees CancelledError, not TimeoutError."""

import asyncio

from conformance import describe


async def main(log):
    try:
        async with asyncio.timeout(1):
            try:
                async with asyncio.timeout(5):
                    await asyncio.sleep(10)
            except TimeoutError:
                log("never")
            except asyncio.CancelledError as error:
                log(f"inner {describe(error)}")
                raise
    except TimeoutError as error:
        log(f"outer {describe(error)}")
