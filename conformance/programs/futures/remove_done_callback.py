"""remove_done_callback removes every equal one and says how many."""

import asyncio

from conformance import show


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    def twice(done):
        log("never")

    def once(done):
        log("once")

    fut.add_done_callback(twice)
    fut.add_done_callback(once)
    fut.add_done_callback(twice)
    log(show(fut.remove_done_callback(twice)))
    log(show(fut.remove_done_callback(twice)))
    fut.set_result(None)
    log(show(fut.remove_done_callback(once)))
    await asyncio.sleep(0)
