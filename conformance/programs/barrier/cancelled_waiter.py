"""A cancelled waiter leaves; the barrier waits for another."""

import asyncio

from conformance import describe


async def main(log):
    barrier = asyncio.Barrier(2)

    async def worker(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.CancelledError as error:
            log(f"{name} {describe(error)}")

    a = asyncio.create_task(worker("a"))
    await asyncio.sleep(1)
    a.cancel("a leaves")
    await a
    log(f"{barrier.n_waiting} {barrier.broken}")
    await asyncio.gather(worker("b"), worker("c"))
