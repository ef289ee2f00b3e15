"""Eager children of a group: one that fails at once does not interrupt the body before its next await."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def fails():
        log("fails at once")
        raise Boom("eager")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(), eager_start=True)
            log("body goes on")
            await asyncio.sleep(0)
            log("one more turn")
            await asyncio.sleep(0)
            log("never")
    except ExceptionGroup as error:
        log(describe(error))
