"""The inner timeout fires first and the outer one stays."""

import asyncio

from conformance import describe


async def main(log):
    try:
        async with asyncio.timeout(5):
            try:
                async with asyncio.timeout(1):
                    await asyncio.sleep(10)
            except TimeoutError as error:
                log(f"inner {describe(error)}")
            await asyncio.sleep(10)
    except TimeoutError as error:
        log(f"outer {describe(error)}")
