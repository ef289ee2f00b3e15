"""A result at the very instant of the timeout."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()
    first = loop.create_future()
    loop.call_later(1, first.set_result, "result first")
    try:
        log(await asyncio.wait_for(first, 1))
    except TimeoutError as error:
        log(f"{describe(error)} {first.cancelled()}")

    second = loop.create_future()

    async def parent():
        try:
            log(await asyncio.wait_for(second, 1))
        except TimeoutError as error:
            log(f"{describe(error)} {second.cancelled()}")

    task = asyncio.create_task(parent())
    await asyncio.sleep(0)
    loop.call_later(1, lambda: second.done() or second.set_result("too late"))
    await task
