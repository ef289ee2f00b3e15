"""Errors of siblings after the first are not reported."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay):
        await asyncio.sleep(delay)
        log(f"{name} fails")
        raise Boom(name)

    try:
        await asyncio.gather(child("a", 1), child("b", 2), child("c", 1))
    except Boom as error:
        log(describe(error))
    await asyncio.sleep(3)
