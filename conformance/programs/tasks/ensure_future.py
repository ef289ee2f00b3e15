"""ensure_future gives a future or task back as it is and makes a task of a coroutine."""

import asyncio

from conformance import show


async def main(log):
    async def child():
        log("runs")
        return "c"

    fut = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(child())
    log(show([asyncio.ensure_future(fut) is fut, asyncio.ensure_future(task) is task]))
    made = asyncio.ensure_future(child())
    log(made.get_name())
    log(show([await made, await task]))
