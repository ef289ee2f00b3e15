"""The first error is raised at once; the siblings keep running."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay, fails):
        try:
            await asyncio.sleep(delay)
            if fails:
                raise Boom(name)
            log(f"{name} is done")
            return name
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise

    a = asyncio.create_task(child("a", 3, False))
    try:
        await asyncio.gather(a, child("b", 1, True), child("c", 2, True))
    except Boom as error:
        log(describe(error))
    log(show(await a))
