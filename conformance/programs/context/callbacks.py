"""Callbacks run in a copy that is taken when they are set."""

import asyncio
import contextvars


async def main(log):
    loop = asyncio.get_running_loop()
    var = contextvars.ContextVar("var", default="default")

    def callback(name):
        log(f"{name} sees {var.get()}")
        var.set(f"set by {name}")

    var.set("first")
    loop.call_soon(callback, "soon")
    fut = loop.create_future()
    fut.add_done_callback(lambda done: callback("done"))
    var.set("second")
    loop.call_later(1, callback, "later")
    fut.set_result(None)
    var.set("third")
    await asyncio.sleep(2)
    log(var.get())
