"""An eager task that awaits what is done, and functions that end without a wait, is done when it is first awaited."""

import asyncio

from conformance import describe, show


async def main(log):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result("done")

    async def ends():
        return "ends"

    async def passes(value):
        await done
        await ends()
        async with asyncio.Lock():
            await done
        return value

    async def passes_and_waits(value):
        await done
        async with asyncio.Lock():
            await asyncio.sleep(0)
        return value

    def eager(coro):
        return asyncio.create_task(coro, eager_start=True)

    def others():
        loop.call_soon(log, "others have a turn")

    others()
    log(await eager(passes("alone")))
    others()
    log(show(await asyncio.gather(eager(passes("a")), eager(passes("b")))))
    others()
    log(await asyncio.shield(eager(passes("shielded"))))
    task = eager(passes("it does not hear of it"))
    task.cancel("too late")
    others()
    log(await task)
    log("these wait")
    task = eager(passes_and_waits("with a turn"))
    others()
    log(await task)
    task = eager(passes_and_waits("never"))
    task.cancel("in time")
    try:
        await task
    except asyncio.CancelledError as error:
        log(describe(error))
    others()
    log(show(await asyncio.gather(eager(passes("c")), eager(passes_and_waits("d")))))
