"""An eager task runs up to its first wait before create_task returns."""

import asyncio

from conformance import show


async def main(log):
    async def child(name):
        log(f"{name} begins")
        await asyncio.sleep(1)
        log(f"{name} ends")
        return name

    a = asyncio.create_task(child("eager"), eager_start=True, name="eager")
    b = asyncio.create_task(child("lazy"), name="lazy")
    log(f"made {a.done()}")
    log(show(await asyncio.gather(a, b)))
