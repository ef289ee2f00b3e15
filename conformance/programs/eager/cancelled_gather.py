"""A gather of eager tasks, some of them done, is cancelled in the step that made it: the others are cancelled at once."""

import asyncio

from conformance import describe, show


async def main(log):
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)

    async def returns():
        return "done"

    async def waits(future):
        log(f"waits: {await future}")
        return "waited"

    async def swallows(future):
        try:
            await future
        except asyncio.CancelledError as error:
            log(f"swallows: {describe(error)}")
        return "swallowed"

    async def outcome(outer):
        try:
            log(show(await outer))
        except asyncio.CancelledError as error:
            log(describe(error))

    for function in (waits, swallows):
        future = loop.create_future()
        outer = asyncio.gather(function(future), returns(), return_exceptions=True)
        loop.call_soon(log, "soon before")
        log(f"cancel: {outer.cancel('at once')}, {future.cancelled()}")
        loop.call_soon(log, "soon after")
        await outcome(outer)

    outer = asyncio.gather(returns(), returns(), return_exceptions=True)
    outer.cancel("too late")
    await outcome(outer)

    outer = asyncio.gather(returns(), returns())
    outer.cancel("too late")
    await outcome(outer)

    future = loop.create_future()
    outer = asyncio.gather(waits(future), waits(future))
    log(f"cancel: {outer.cancel('all wait')}, {future.cancelled()}")
    await outcome(outer)
