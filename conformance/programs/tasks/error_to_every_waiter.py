"""Every waiter of a failed task gets the same error object."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    seen = []

    async def worker():
        await asyncio.sleep(1)
        raise Boom("no")

    async def waiter(name, task):
        try:
            await task
        except Boom as error:
            seen.append(error)
            log(f"{name} {describe(error)}")

    task = asyncio.create_task(worker())
    await asyncio.gather(waiter("x", task), waiter("y", task))
    log(show(seen[0] is seen[1] and seen[0] is task.exception()))
