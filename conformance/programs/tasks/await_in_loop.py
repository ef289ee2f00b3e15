"""Tasks that are awaited one after the other run all at once."""

import asyncio


async def main(log):
    async def child(n):
        await asyncio.sleep(n)
        log(f"{n} ends")
        return n * n

    tasks = [asyncio.create_task(child(n)) for n in (3, 1, 2)]
    total = 0
    for task in tasks:
        total += await task
        log(f"total {total}")
