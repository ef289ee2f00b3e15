"""If the body swallows the interruption, the errors still come out at its end."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def fails():
        await asyncio.sleep(1)
        raise Boom("child")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                log("swallowed")
            await asyncio.sleep(1)
            log("body ends")
    except ExceptionGroup as error:
        log(f"{describe(error)} {asyncio.current_task().cancelling()}")
