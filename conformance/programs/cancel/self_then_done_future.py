"""A pending cancellation is not delivered at a future that is already done."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()

    async def child():
        done = loop.create_future()
        done.set_result("value")
        asyncio.current_task().cancel()
        log(await done)
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            log(describe(error))

    await asyncio.create_task(child())
