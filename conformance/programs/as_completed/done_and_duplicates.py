"""Futures that are done come first, in order; the same future counts once."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    first, second, third = (loop.create_future() for _ in range(3))
    second.set_result("second")
    first.set_result("first")
    loop.call_later(1, third.set_result, "third")
    loop.call_soon(log, "callback")
    async for done in asyncio.as_completed([first, third, second, first, third]):
        log(done.result())
