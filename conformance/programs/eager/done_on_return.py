"""An eager task that waits for nothing is done when create_task returns."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child():
        log("child")
        return "value"

    async def fails():
        raise Boom("at once")

    task = asyncio.create_task(child(), eager_start=True)
    log(f"{task.done()} {task.result()}")
    asyncio.get_running_loop().call_soon(log, "callback")
    log(await task)
    failed = asyncio.create_task(fails(), eager_start=True)
    log(f"{failed.done()} {describe(failed.exception())}")
