"""gather of plain futures is done one iteration after the last of them."""

import asyncio

from conformance import show


async def main(log):
    loop = asyncio.get_running_loop()
    futs = [loop.create_future() for _ in range(3)]
    outer = asyncio.gather(*futs)
    futs[2].set_result("c")
    futs[0].set_result("a")
    await asyncio.sleep(0)
    log(show(outer.done()))
    futs[1].set_result("b")
    log(show(outer.done()))
    loop.call_soon(lambda: log(f"callback {outer.done()}"))
    log(show(await outer))
