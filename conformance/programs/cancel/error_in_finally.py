"""An error in finally replaces the cancellation."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(1)
            raise Boom("from finally")

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except Boom as error:
        log(describe(error))
    log(show(task.cancelled()))
