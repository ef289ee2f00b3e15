"""A body that raises CancelledError of its own cancels the children and comes out."""

import asyncio

from conformance import describe


async def main(log):
    async def child():
        try:
            await asyncio.sleep(10)
        finally:
            log("child ends")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            await asyncio.sleep(1)
            raise asyncio.CancelledError("own")
    except asyncio.CancelledError as error:
        log(f"{describe(error)} {asyncio.current_task().cancelling()}")
