"""Two cancels while a task awaits a plain future: the second finds it done."""

import asyncio

from conformance import describe, show


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    async def child():
        for turn in range(3):
            try:
                await (fut if turn == 0 else asyncio.sleep(0))
                log(f"{turn} went through")
            except asyncio.CancelledError as error:
                log(f"{turn} {describe(error)}")

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    task.cancel("one")
    task.cancel("two")
    log(show(fut.cancelled()))
    await task
