"""gather gives the results in the order of its arguments, whoever ends first."""

import asyncio

from conformance import show


async def main(log):
    async def child(name, delay):
        await asyncio.sleep(delay)
        log(f"{name} is done")
        return name

    log(show(await asyncio.gather(child("a", 3), child("b", 1), child("c", 2))))
