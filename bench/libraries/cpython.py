"""The rows in CPython's asyncio: python3 -I cpython.py ROW OPERATIONS EXPECTED. Prints {"value": number}.

Not named asyncio.py: `import asyncio` would find that file, and not the library.
"""

import asyncio
import gc
import json
import os
import statistics
import sys
import time
import tracemalloc

# As in measure.ts.
RUNS = 5
BUDGET = 0.5
WARM_UPS = 2
WARM_UP_BUDGET = 0.5
WARM_UP_TASKS = 2_000
HOUR = 3600


async def await_done(i, done):
    await done
    return i


async def return_at_once(i, done):
    return i


async def sleep_10_ms(i, done):
    await asyncio.sleep(0.01)
    return i


def spawn_and_join(work):
    async def main(n):
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        tasks = []
        for i in range(n):
            tasks.append(asyncio.create_task(work(i, done)))
        return sum(await asyncio.gather(*tasks))

    return main


async def take_turns(n):
    for _ in range(n):
        await asyncio.sleep(0)
    return n


async def take_turns_in_two_tasks(n):
    one = asyncio.create_task(take_turns(n // 2))
    other = asyncio.create_task(take_turns(n // 2))
    return await one + await other


def in_a_sleep(i, kept):
    return asyncio.sleep(HOUR)


def on_a_future(i, kept):
    kept[i] = asyncio.get_running_loop().create_future()
    return kept[i]


def parked(wait):
    async def main(n, look):
        kept = [None] * n
        tasks = [None] * n
        started = 0

        async def work(i):
            nonlocal started
            started += 1
            await wait(i, kept)

        look()
        for i in range(n):
            tasks[i] = asyncio.create_task(work(i))
        await take_turns(2)
        if started != n:
            raise RuntimeError(f"{started} of {n} tasks are parked")
        look()

    return main


TIMED = {
    "spawn": spawn_and_join(await_done),
    "spawn-return": spawn_and_join(return_at_once),
    "sleep0": take_turns,
    "sleep0-pair": take_turns_in_two_tasks,
    "sleeps": spawn_and_join(sleep_10_ms),
}
PARKED = {"heap-sleep": parked(in_a_sleep), "heap-future": parked(on_a_future)}


def time_of(main, n, expected):
    def once():
        gc.collect()
        start = time.perf_counter()
        result = asyncio.run(main(n))
        end = time.perf_counter()
        if result != expected:
            raise RuntimeError(f"a run gave {result} instead of {expected}")
        return (end - start) * 1e9 / n

    def repeat(most, budget):
        end = time.perf_counter() + budget
        values = [once()]
        while len(values) < most and time.perf_counter() < end:
            values.append(once())
        return values

    repeat(WARM_UPS, WARM_UP_BUDGET)
    return statistics.median(repeat(RUNS, BUDGET))


def heap_of(main, n):
    """What Python's allocators gave out and did not get back: what heapUsed is in Node."""
    asyncio.run(main(WARM_UP_TASKS, lambda: None))
    before = None

    def look():
        nonlocal before
        gc.collect()
        now, _peak = tracemalloc.get_traced_memory()
        if before is not None:
            finish((now - before) / n)
        before = now

    tracemalloc.start()
    asyncio.run(main(n, look))


def finish(value):
    print(json.dumps({"value": value}), flush=True)
    # Ending all those tasks is not waited for.
    os._exit(0)


row, operations, expected = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if row in TIMED:
    finish(time_of(TIMED[row], operations, expected))
else:
    heap_of(PARKED[row], operations)
