"""Under an eager task factory, gather begins each child when it comes to it: after it looked at those before."""

import asyncio

from conformance import show


async def main(log):
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    future = loop.create_future()

    async def listens(name):
        log(f"{name} begins")
        log(f"{name} has {await future}")
        return name

    loop.call_soon(future.set_result, "it")
    log(show(await asyncio.gather(listens("before"), future, listens("after"))))

    child = asyncio.create_task(asyncio.sleep(3600), name="child")

    async def cancels():
        child.cancel("by the next one")
        return "cancelled"

    log(show(await asyncio.gather(child, cancels(), return_exceptions=True)))
    try:
        await asyncio.gather(cancels(), "no awaitable")
    except TypeError:
        log("no awaitable")
