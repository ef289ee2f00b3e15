"""The outer group's failure interrupts the inner group's block in the same task."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def fails():
        await asyncio.sleep(1)
        raise Boom("outer child")

    async def lives():
        try:
            await asyncio.sleep(10)
        finally:
            log("inner child ends")

    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fails())
            try:
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(lives())
            except asyncio.CancelledError as error:
                log(f"inner {describe(error)} {asyncio.current_task().cancelling()}")
                raise
    except ExceptionGroup as error:
        log(f"outer {describe(error)} {asyncio.current_task().cancelling()}")
