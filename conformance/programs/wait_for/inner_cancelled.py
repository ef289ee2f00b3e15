"""If what is awaited is cancelled by somebody else, wait_for raises CancelledError."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        await asyncio.sleep(10)

    task = asyncio.create_task(child())
    asyncio.get_running_loop().call_later(1, task.cancel)
    try:
        await asyncio.wait_for(task, 5)
    except asyncio.CancelledError as error:
        log(f"{describe(error)} {asyncio.current_task().cancelling()}")
