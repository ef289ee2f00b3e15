"""join() waits until task_done() was called for every item."""

import asyncio

from conformance import describe


async def main(log):
    queue = asyncio.Queue()

    async def worker():
        while True:
            item = await queue.get()
            await asyncio.sleep(item)
            log(f"{item} is done")
            queue.task_done()

    task = asyncio.create_task(worker())
    for item in (1, 2):
        queue.put_nowait(item)
    await queue.join()
    log("joined")
    await queue.join()
    log("joined at once")
    task.cancel()
    try:
        queue.task_done()
    except ValueError as error:
        log(describe(error))
