"""A task that fails with a cancellation pending ends with its error."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child():
        asyncio.current_task().cancel("late")
        raise Boom("first")

    task = asyncio.create_task(child())
    try:
        await task
    except Boom as error:
        log(describe(error))
    log(f"{task.cancelled()} {task.cancelling()}")
