"""Children that fail in the same iteration are all in the group; one that fails while cancelled, too."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay):
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError:
            if name == "d":
                raise Boom("d, while cancelled")
            raise
        raise Boom(name)

    try:
        async with asyncio.TaskGroup() as group:
            for name, delay in (("a", 2), ("b", 1), ("c", 1), ("d", 3)):
                group.create_task(child(name, delay))
    except ExceptionGroup as error:
        log(describe(error))
