"""A cancel and a sleep's end at the same time: what was set first wins."""

import asyncio


async def main(log):
    async def child(name):
        try:
            await asyncio.sleep(1)
            log(f"{name} slept")
        except asyncio.CancelledError:
            log(f"{name} cancelled")

    loop = asyncio.get_running_loop()
    before = asyncio.create_task(child("before"))
    loop.call_later(1, before.cancel)
    await asyncio.sleep(0)
    after = asyncio.create_task(child("after"))
    await asyncio.sleep(0)
    loop.call_later(1, after.cancel)
    await asyncio.sleep(2)
    log(f"{before.cancelling()} {after.cancelling()}")
