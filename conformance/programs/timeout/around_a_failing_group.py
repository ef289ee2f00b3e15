"""When the interrupted children fail, the group of errors comes out of the timeout."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            raise Boom("while cleaning up")

    try:
        async with asyncio.timeout(1):
            async with asyncio.TaskGroup() as group:
                group.create_task(child())
    except* Boom as error:
        log(describe(error))
    log(show(asyncio.current_task().cancelling()))
