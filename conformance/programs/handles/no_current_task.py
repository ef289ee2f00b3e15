"""In a plain callback there is no current task; in a task there is."""

import asyncio

from conformance import show


async def main(log):
    loop = asyncio.get_running_loop()

    async def child():
        log(show(asyncio.current_task() is not None))
        loop.call_soon(lambda: log(show(asyncio.current_task() is None)))
        await asyncio.sleep(0)
        log(show(asyncio.current_task() is not None))

    task = asyncio.create_task(child())
    task.add_done_callback(lambda done: log(show(asyncio.current_task() is None)))
    await task
    log(asyncio.current_task().get_name())
