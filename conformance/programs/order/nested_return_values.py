"""A value that is returned through many async functions costs no turn of the loop."""

import asyncio


async def main(log):
    async def up(n):
        if n == 0:
            await asyncio.sleep(0)
            return 0
        return 1 + await up(n - 1)

    async def climb(n):
        log(f"climb {n}")
        log(f"got {await up(n)}")
        log(f"got {await up(0)}")

    async with asyncio.TaskGroup() as group:
        group.create_task(climb(6))
        group.create_task(climb(0))
        group.create_task(climb(3))
