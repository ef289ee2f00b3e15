"""wait gives the done and the pending, in the order in which they were given."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    async def child(name, delay, fails):
        await asyncio.sleep(delay)
        log(f"{name} ends")
        if fails:
            raise Boom(name)

    tasks = [
        asyncio.create_task(child("a", 2, False), name="a"),
        asyncio.create_task(child("b", 1, True), name="b"),
    ]
    done, pending = await asyncio.wait(tasks)
    log(show([task.get_name() for task in done]) + show([task.get_name() for task in pending]))
    log(describe(tasks[1].exception()))
