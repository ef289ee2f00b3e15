"""A second cancel goes to the inner task that is still cleaning up."""

import asyncio

from conformance import describe


async def main(log):
    async def inner():
        try:
            await asyncio.sleep(10)
        finally:
            log("inner cleans")
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError as error:
                log(f"inner again {describe(error)}")

    async def outer():
        try:
            await task
        except asyncio.CancelledError as error:
            log(f"outer {describe(error)}")
            raise

    task = asyncio.create_task(inner(), name="inner")
    waiter = asyncio.create_task(outer(), name="outer")
    await asyncio.sleep(1)
    waiter.cancel("one")
    await asyncio.sleep(1)
    log(f"{waiter.done()} {task.done()} {waiter.cancelling()}")
    waiter.cancel("two")
    await asyncio.wait([waiter, task])
    log(f"{waiter.cancelled()} {task.cancelled()} {waiter.cancelling()} {task.cancelling()}")
