"""When the time is up, as_completed raises TimeoutError and cancels nothing."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)
        log("ends")
        return delay

    tasks = [asyncio.create_task(child(delay)) for delay in (3, 1, 4)]
    try:
        async for task in asyncio.as_completed(tasks, timeout=2):
            log(show(task.result()))
    except TimeoutError as error:
        log(describe(error))
    log(show(await asyncio.gather(*tasks)))
