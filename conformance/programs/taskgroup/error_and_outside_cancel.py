"""An error wins over an outside cancellation, which is delivered at the next await."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            raise Boom("child")

    async def parent():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(child())
        except ExceptionGroup as error:
            log(f"{describe(error)} {asyncio.current_task().cancelling()}")
        try:
            await asyncio.sleep(1)
            log("never")
        except asyncio.CancelledError as error:
            log(describe(error))
            raise

    task = asyncio.create_task(parent())
    await asyncio.sleep(1)
    task.cancel("outside")
    await asyncio.wait([task])
    log(f"{task.cancelled()} {task.cancelling()}")
