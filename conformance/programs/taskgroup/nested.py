"""A failing inner group's errors come in a group within the outer group."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def fails(name, delay):
        await asyncio.sleep(delay)
        raise Boom(name)

    async def lives(name):
        try:
            await asyncio.sleep(10)
        finally:
            log(f"{name} ends")

    async def inner():
        async with asyncio.TaskGroup() as group:
            group.create_task(fails("inner", 1))
            group.create_task(lives("inner sibling"))

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(inner())
            group.create_task(lives("outer sibling"))
    except ExceptionGroup as error:
        log(describe(error))
