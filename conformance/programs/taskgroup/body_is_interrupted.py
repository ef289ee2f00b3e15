"""A failing child interrupts the body where it waits."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child():
        await asyncio.sleep(1)
        raise Boom("child")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                log(f"{describe(error)} {asyncio.current_task().cancelling()}")
                raise
    except ExceptionGroup as error:
        log(describe(error))
    log(show(asyncio.current_task().cancelling()))
