"""Callbacks and waiting tasks of one future are served in the order in which they came."""

import asyncio


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    async def waiter(name):
        log(f"{name} {await fut}")

    fut.add_done_callback(lambda done: log("callback 1"))
    a = asyncio.create_task(waiter("a"))
    await asyncio.sleep(0)
    fut.add_done_callback(lambda done: log("callback 2"))
    b = asyncio.create_task(waiter("b"))
    await asyncio.sleep(0)
    fut.add_done_callback(lambda done: log("callback 3"))
    fut.set_result("ready")
    await asyncio.gather(a, b)
