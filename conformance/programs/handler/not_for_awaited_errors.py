"""Errors that somebody awaits are not reported."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def fails(delay):
        await asyncio.sleep(delay)
        raise Boom(str(delay))

    task = asyncio.create_task(fails(1))
    try:
        await task
    except Boom as error:
        log(describe(error))
    log(show(await asyncio.gather(fails(1), fails(2), return_exceptions=True)))
