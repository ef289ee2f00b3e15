"""A task in a context of its own sets variables there."""

import asyncio
import contextvars


async def main(log):
    var = contextvars.ContextVar("var", default="default")

    async def child():
        log(var.get())
        var.set("set by child")
        await asyncio.sleep(0)
        log(var.get())

    var.set("main")
    context = contextvars.copy_context()
    var.set("main, later")
    await asyncio.create_task(child(), context=context)
    log(f"{var.get()} {context[var]}")
    context.run(var.set, "set by run")
    await asyncio.create_task(child(), context=context)
