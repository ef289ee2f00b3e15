"""A group that is over takes no more tasks."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        log("never")

    kept = []
    async with asyncio.TaskGroup() as group:
        kept.append(group)
    try:
        kept[0].create_task(child())
    except RuntimeError as error:
        log(describe(error))
