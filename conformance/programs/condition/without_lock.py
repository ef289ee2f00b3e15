"""wait and notify need the lock."""

import asyncio

from conformance import describe


async def main(log):
    cond = asyncio.Condition()
    try:
        cond.notify()
    except RuntimeError as error:
        log(describe(error))
    try:
        await cond.wait()
    except RuntimeError as error:
        log(describe(error))
