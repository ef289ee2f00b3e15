"""uncancel() down to 0 takes back a cancellation that was not delivered yet; down to 1 does not."""

import asyncio

from conformance import describe


async def main(log):
    task = asyncio.current_task()
    task.cancel()
    task.uncancel()
    await asyncio.sleep(0)
    log("taken back")
    task.cancel("stays")
    task.cancel("too")
    task.uncancel()
    try:
        await asyncio.sleep(0)
        log("never")
    except asyncio.CancelledError as error:
        log(describe(error))
    task.uncancel()
