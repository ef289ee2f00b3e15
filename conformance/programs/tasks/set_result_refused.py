"""A task's result can't be set from outside."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child():
        return 1

    task = asyncio.create_task(child())
    for call in (lambda: task.set_result(2), lambda: task.set_exception(Boom("x"))):
        try:
            call()
        except RuntimeError as error:
            log(describe(error))
    log(show(await task))
