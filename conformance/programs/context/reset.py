"""A token brings the value back that was there before."""

import asyncio
import contextvars


async def main(log):
    var = contextvars.ContextVar("var", default="default")
    first = var.set("one")
    second = var.set("two")
    log(var.get())
    var.reset(second)
    log(var.get())
    var.reset(first)
    log(var.get())

    async def nested():
        token = var.set("nested")
        await asyncio.sleep(0)
        var.reset(token)

    await nested()
    log(var.get())
