"""A shield inside wait_for keeps the inner task alive."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        await asyncio.sleep(3)
        log("child ends")
        return "kept"

    task = asyncio.create_task(child())
    try:
        await asyncio.wait_for(asyncio.shield(task), 1)
    except TimeoutError as error:
        log(f"{describe(error)} {task.done()}")
    log(await task)
