"""A BoundedSemaphore refuses one release too many."""

import asyncio

from conformance import describe


async def main(log):
    sem = asyncio.BoundedSemaphore(1)
    await sem.acquire()
    sem.release()
    try:
        sem.release()
    except ValueError as error:
        log(describe(error))
    try:
        asyncio.Semaphore(-1)
    except ValueError as error:
        log(describe(error))
