"""Default names count up; a name can be given and changed."""

import asyncio


async def main(log):
    async def child():
        log("runs")

    a = asyncio.create_task(child())
    b = asyncio.create_task(child(), name="given")
    c = asyncio.create_task(child())
    log(f"{a.get_name()} {b.get_name()} {c.get_name()}")
    b.set_name("changed")
    await asyncio.gather(a, b, c)
    log(f"{asyncio.current_task().get_name()} {b.get_name()}")
