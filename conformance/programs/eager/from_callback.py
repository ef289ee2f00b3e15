"""An eager task started by a plain callback."""

import asyncio

from conformance import show


async def main(log):
    async def child():
        log("begins")
        await asyncio.sleep(0)
        log("ends")

    def start():
        task = asyncio.create_task(child(), eager_start=True)
        log(f"made {task.done()}")
        log(show(asyncio.current_task() is None))

    asyncio.get_running_loop().call_soon(start)
    await asyncio.sleep(1)
