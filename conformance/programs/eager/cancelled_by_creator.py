"""The creator cancels eager tasks: one that is done does not hear of it, the others where they wait."""

import asyncio

from conformance import describe, show


async def main(log):
    loop = asyncio.get_running_loop()

    async def returns():
        return "done"

    async def cancels_itself():
        asyncio.current_task().cancel("by itself")
        return "never"

    async def cancels_itself_and_waits():
        asyncio.current_task().cancel("by itself")
        await loop.create_future()

    async def waits():
        try:
            await asyncio.gather(sleeps("one"), sleeps("two"))
        finally:
            log("cleans up")
            await asyncio.sleep(0)
            log("is clean")

    async def sleeps(name):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError as error:
            log(f"{name}: {describe(error)}")
            raise

    for function in (returns, cancels_itself, cancels_itself_and_waits, waits):
        task = asyncio.create_task(function(), eager_start=True)
        loop.call_soon(log, "soon before")
        task.cancel("by its creator")
        loop.call_soon(log, "soon after")
        try:
            log(f"{await task}, cancelling {task.cancelling()}")
        except asyncio.CancelledError as error:
            log(f"{describe(error)}, cancelling {task.cancelling()}, {show(task.cancelled())}")
