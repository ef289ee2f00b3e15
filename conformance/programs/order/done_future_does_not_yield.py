"""Awaiting a future or a task that is done goes on at once."""

import asyncio

from conformance import show


async def main(log):
    async def other():
        log("other")
        return 7

    fut = asyncio.get_running_loop().create_future()
    fut.set_result("ready")
    task = asyncio.create_task(other())
    log(await fut)
    log(await fut)
    log("before the first yield")
    log(show(await task))
    asyncio.get_running_loop().call_soon(log, "callback")
    log(show(await task))
    log(await fut)
    await asyncio.sleep(0)
    log("end")
