"""set() wakes all waiters, in order; then wait() does not yield."""

import asyncio

from conformance import show


async def main(log):
    event = asyncio.Event()

    async def waiter(name):
        log(f"{name} {await event.wait()}")

    tasks = [asyncio.create_task(waiter(name)) for name in "abc"]
    await asyncio.sleep(1)
    log(show(event.is_set()))
    event.set()
    log("set")
    await asyncio.gather(*tasks)
    asyncio.get_running_loop().call_soon(log, "callback")
    log(show(await event.wait()))
