"""Giving back a lock that nobody has is an error."""

import asyncio

from conformance import describe


async def main(log):
    lock = asyncio.Lock()
    try:
        lock.release()
    except RuntimeError as error:
        log(describe(error))
