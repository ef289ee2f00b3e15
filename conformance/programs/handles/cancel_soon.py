"""A handle that is cancelled before its turn does not run, even when it is already due."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    second = None
    first = loop.call_soon(lambda: (log("first cancels second"), second.cancel()))
    second = loop.call_soon(log, "second")
    third = loop.call_soon(log, "third")
    log(f"{second.cancelled()} {third.cancelled()}")
    await asyncio.sleep(0)
    log(f"{first.cancelled()} {second.cancelled()} {third.cancelled()}")
