"""sleep(NaN) is refused."""

import asyncio

from conformance import describe


async def main(log):
    try:
        await asyncio.sleep(float("nan"))
    except ValueError as error:
        log(describe(error))
