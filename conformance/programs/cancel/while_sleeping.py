"""A sleeping task is cancelled at its sleep, and its finally runs one turn later."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        try:
            log("sleeps")
            await asyncio.sleep(10)
            log("never")
        except asyncio.CancelledError as error:
            log(describe(error))
            raise
        finally:
            log("finally")

    task = asyncio.create_task(child())
    await asyncio.sleep(1)
    log(show(task.cancel("stop it")))
    log(f"{task.done()} {task.cancelling()}")
    await asyncio.sleep(0)
    log(f"{task.done()} {task.cancelled()}")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
