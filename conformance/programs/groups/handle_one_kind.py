"""The part of a task group's errors that is known is handled, the rest is raised again."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


class Crash(Exception):
    pass


async def main(log):
    async def fails(error):
        await asyncio.sleep(1)
        raise error

    async def parent():
        try:
            async with asyncio.TaskGroup() as group:
                for error in (Boom("a"), Crash("b"), Boom("c")):
                    group.create_task(fails(error))
        except ExceptionGroup as error:
            known, rest = error.split(Boom)
            log(describe(known))
            raise rest

    try:
        await parent()
    except ExceptionGroup as error:
        log(describe(error))
