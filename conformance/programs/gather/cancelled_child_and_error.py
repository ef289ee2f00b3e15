"""With an error first and a cancelled gather after it, the children keep their own ends."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay, fails):
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise
        if fails:
            raise Boom(name)
        return name

    a = asyncio.create_task(child("a", 1, True))
    b = asyncio.create_task(child("b", 3, False))
    outer = asyncio.gather(a, b)
    try:
        await outer
    except Boom as error:
        log(describe(error))
    log(show(outer.cancel()))
    log(await b)
