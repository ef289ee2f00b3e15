"""wait of nothing is refused."""

import asyncio

from conformance import describe


async def main(log):
    try:
        await asyncio.wait([])
    except ValueError as error:
        log(describe(error))
