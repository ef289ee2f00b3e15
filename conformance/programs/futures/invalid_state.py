"""Asking too early and settling twice raise InvalidStateError."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    def attempt(call):
        try:
            log(show(call()))
        except BaseException as error:
            log(describe(error))

    attempt(lambda: fut.result())
    attempt(lambda: fut.exception())
    fut.set_result(1)
    attempt(lambda: fut.set_result(2))
    attempt(lambda: fut.set_exception(Boom("late")))
    attempt(lambda: fut.cancel())
    attempt(lambda: fut.result())
