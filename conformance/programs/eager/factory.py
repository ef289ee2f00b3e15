"""Under an eager task factory, gather and its like begin their coroutines at once; some are done by then."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)

    async def quick(name):
        log(f"{name} is quick")
        return name

    async def slow(name):
        log(f"{name} begins")
        await asyncio.sleep(0)
        log(f"{name} ends")
        return name

    async def fails():
        raise Boom("at once")

    loop.call_soon(log, "others have a turn")
    log(show(await asyncio.gather(quick("a"), quick("b"))))
    log(show(await asyncio.gather(quick("c"), slow("d"), quick("e"))))
    loop.call_soon(log, "others have a turn")
    log(show(await asyncio.gather(fails(), quick("f"), return_exceptions=True)))
    try:
        await asyncio.gather(slow("g"), fails())
    except Boom as error:
        log(describe(error))
    log(await asyncio.shield(quick("h")))
    log(await asyncio.shield(slow("i")))
    log(await asyncio.wait_for(quick("j"), 0))
    try:
        await asyncio.wait_for(slow("k"), 0)
    except TimeoutError as error:
        log(describe(error))
    async for one in asyncio.as_completed([slow("l"), quick("m")]):
        log(f"completed {one.result()}")
    outer = asyncio.gather(quick("n"), quick("o"))
    loop.call_soon(log, "before the callback")
    outer.add_done_callback(lambda outer: log(show(outer.result())))
    loop.call_soon(log, "after the callback")
    log(show(await outer))
    async with asyncio.TaskGroup() as group:
        group.create_task(slow("p"))
        group.create_task(quick("q"))
        log("in the group")
    log("out of it")
