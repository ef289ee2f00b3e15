"""One failing child cancels its siblings; the error comes in a group, even alone."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay):
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")
            raise
        raise Boom(name)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child("a", 1))
            group.create_task(child("b", 2))
            group.create_task(child("c", 3))
            log("body ends")
    except ExceptionGroup as error:
        log(describe(error))
    log(show(asyncio.current_task().cancelling()))
