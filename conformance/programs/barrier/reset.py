"""reset() sends those who wait away; the barrier is as new."""

import asyncio

from conformance import describe


async def main(log):
    barrier = asyncio.Barrier(2)

    async def worker(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {describe(error)}")

    first = asyncio.create_task(worker("first"))
    await asyncio.sleep(1)
    await barrier.reset()
    await first
    log(f"{barrier.broken} {barrier.n_waiting}")
    await asyncio.gather(worker("second"), worker("third"))
