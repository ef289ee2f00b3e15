"""A task that is cancelled while it runs does not hear of it where it awaits an eager task that is done."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()

    async def returns():
        return "done"

    async def returns_deeply():
        return await returns()

    async def cancels(task):
        task.cancel("by the eager one")
        return await returns()

    def eager(coro):
        return asyncio.create_task(coro, eager_start=True)

    async def awaits_alone():
        asyncio.current_task().cancel("by itself")
        log(await eager(returns()))
        log(await eager(returns_deeply()))

    async def awaits_a_shield():
        asyncio.current_task().cancel("by itself")
        log(await asyncio.shield(eager(returns_deeply())))

    async def awaits_a_gather():
        asyncio.current_task().cancel("by itself")
        (result,) = await asyncio.gather(eager(returns_deeply()))
        log(result)

    async def is_cancelled_by_it():
        log(await asyncio.shield(eager(cancels(asyncio.current_task()))))

    for function in (awaits_alone, awaits_a_shield, awaits_a_gather, is_cancelled_by_it):
        for wait in (False, True):

            async def body():
                await function()
                if wait:
                    log("waits")
                    await loop.create_future()

            try:
                await asyncio.create_task(body(), name=function.__name__)
            except asyncio.CancelledError as error:
                log(describe(error))
