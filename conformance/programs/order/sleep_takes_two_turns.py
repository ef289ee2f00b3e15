"""A timed sleep takes the timer's turn and then the turn of the waking task."""

import asyncio


async def main(log):
    async def sleeper(name):
        await asyncio.sleep(1)
        log(name)
        await asyncio.sleep(0)
        log(name + " again")

    loop = asyncio.get_running_loop()
    first = asyncio.create_task(sleeper("first"))
    await asyncio.sleep(0)
    loop.call_later(1, log, "timer")
    loop.call_later(1, loop.call_soon, log, "soon from timer")
    second = asyncio.create_task(sleeper("second"))
    await first
    await second
