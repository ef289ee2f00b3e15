"""A shield hands on the result, the error, and the cancellation of what is inside."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def child(fails):
        await asyncio.sleep(1)
        if fails:
            raise Boom("inside")
        return "result"

    log(await asyncio.shield(child(False)))
    try:
        await asyncio.shield(child(True))
    except Boom as error:
        log(describe(error))
    task = asyncio.create_task(child(False))
    outer = asyncio.shield(task)
    asyncio.get_running_loop().call_soon(task.cancel, "inside")
    try:
        await outer
    except asyncio.CancelledError as error:
        log(describe(error))
    log(f"{outer.cancelled()} {asyncio.current_task().cancelling()}")
