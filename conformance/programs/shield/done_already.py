"""A shield of what is done is that thing itself."""

import asyncio

from conformance import show


async def main(log):
    fut = asyncio.get_running_loop().create_future()
    fut.set_result("r")
    log(show(asyncio.shield(fut) is fut))
    pending = asyncio.get_running_loop().create_future()
    log(show(asyncio.shield(pending) is pending))
    log(await asyncio.shield(fut))
