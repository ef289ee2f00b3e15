"""Eager tasks begun by eager tasks: names, contexts, who runs, and which tasks there are."""

import asyncio
import contextvars

mark = contextvars.ContextVar("mark", default="unset")


async def main(log):
    loop = asyncio.get_running_loop()
    mark.set("main")

    def names():
        return sorted(task.get_name() for task in asyncio.all_tasks())

    async def inner(wait):
        log(f"inner begins: {mark.get()}, {names()}")
        mark.set("inner")
        loop.call_soon(lambda: log(f"inner's callback: {mark.get()}"))
        if wait:
            await asyncio.sleep(0)
            log(f"inner goes on: {mark.get()}")
        return mark.get()

    async def outer(wait):
        mark.set("outer")
        task = asyncio.create_task(inner(wait), eager_start=True, name="inner")
        log(f"outer: {mark.get()}")
        loop.call_soon(lambda: log(f"outer's callback: {mark.get()}"))
        await asyncio.sleep(0)
        log(f"outer goes on: {await task}, {names()}")

    for wait in (False, True):
        task = asyncio.create_task(outer(wait), eager_start=True, name="outer")
        log(f"main: {mark.get()}, {asyncio.current_task().get_name()}")
        await task
    log(f"{names()}")
