"""An error of the body cancels the children and comes last in the group."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


class Crash(Exception):
    pass


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log(f"{name} cancelled")
            raise Boom(name) from None

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child("a"))
            group.create_task(child("b"))
            await asyncio.sleep(1)
            raise Crash("body")
    except ExceptionGroup as error:
        log(describe(error))
