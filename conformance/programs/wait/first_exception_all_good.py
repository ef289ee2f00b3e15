"""FIRST_EXCEPTION without an error waits for all."""

import asyncio


async def main(log):
    async def child(delay):
        await asyncio.sleep(delay)

    tasks = [asyncio.create_task(child(delay)) for delay in (1, 2, 3)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    log(f"{len(done)} {len(pending)}")
