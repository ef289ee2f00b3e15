"""A group that shuts down takes no more tasks."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            try:
                group.create_task(child())
            except RuntimeError as error:
                log(describe(error))

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            await asyncio.sleep(1)
            raise Boom("body")
    except ExceptionGroup as error:
        log(describe(error))
