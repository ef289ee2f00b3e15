"""A waiter that was woken goes on even if the event was cleared in the meantime."""

import asyncio


async def main(log):
    event = asyncio.Event()

    async def waiter(name):
        await event.wait()
        log(f"{name} goes on, set: {event.is_set()}")

    early = asyncio.create_task(waiter("early"))
    await asyncio.sleep(0)
    event.set()
    event.clear()
    late = asyncio.create_task(waiter("late"))
    await asyncio.sleep(1)
    log(f"{early.done()} {late.done()}")
    event.set()
    await late
