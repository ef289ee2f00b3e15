"""gather of nothing is a future that is done soon, with an empty list."""

import asyncio

from conformance import show


async def main(log):
    outer = asyncio.gather()
    log(show(outer.done()))
    asyncio.get_running_loop().call_soon(log, "callback")
    log(show(await outer))
    log(show(outer.done()))
    await asyncio.sleep(0)
