"""wait_for shares the caller's variables, gather does not."""

import asyncio
import contextvars


async def main(log):
    var = contextvars.ContextVar("var", default="default")

    async def child(name):
        var.set(name)
        await asyncio.sleep(0)

    await asyncio.gather(child("gathered"))
    log(var.get())
    await asyncio.wait_for(child("waited for"), 1)
    log(var.get())
    await child("called")
    log(var.get())
    async with asyncio.TaskGroup() as group:
        var.set("body")
        group.create_task(child("in group"))
    log(var.get())
