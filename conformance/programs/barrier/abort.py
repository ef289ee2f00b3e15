"""abort() breaks the barrier for those who wait and those who come."""

import asyncio

from conformance import describe, show


async def main(log):
    barrier = asyncio.Barrier(3)

    async def worker(name):
        try:
            await barrier.wait()
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {describe(error)}")

    tasks = [asyncio.create_task(worker(name)) for name in "ab"]
    await asyncio.sleep(1)
    await barrier.abort()
    log(show(barrier.broken))
    await asyncio.gather(*tasks)
    await worker("late")
    await barrier.reset()
    log(f"{barrier.broken} {barrier.n_waiting}")
