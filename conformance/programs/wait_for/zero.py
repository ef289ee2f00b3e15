"""With a timeout of 0 or less a coroutine is not begun, a task is cancelled, and a result that is there is given."""

import asyncio

from conformance import describe


async def main(log):
    async def child(name):
        log(f"{name} begins")
        await asyncio.sleep(1)

    for limit in (0, -1):
        try:
            await asyncio.wait_for(child("coroutine"), limit)
        except TimeoutError as error:
            log(describe(error))
    task = asyncio.create_task(child("task"))
    await asyncio.sleep(0)
    try:
        await asyncio.wait_for(task, 0)
    except TimeoutError as error:
        log(f"{describe(error)} {task.cancelled()}")
    fut = asyncio.get_running_loop().create_future()
    fut.set_result("there")
    log(await asyncio.wait_for(fut, 0))
