"""A task gets a copy of its creator's variables at its creation."""

import asyncio
import contextvars


async def main(log):
    var = contextvars.ContextVar("var", default="default")

    async def child(name):
        log(f"{name} sees {var.get()}")
        var.set(f"set by {name}")
        await asyncio.sleep(0)
        log(f"{name} sees {var.get()}")

    log(var.get())
    var.set("set by main")
    a = asyncio.create_task(child("a"))
    var.set("set later")
    b = asyncio.create_task(child("b"))
    await asyncio.gather(a, b)
    log(var.get())
