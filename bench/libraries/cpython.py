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


async def gather_sleeps(n):
    return len(await asyncio.gather(*[asyncio.sleep(0.01) for _ in range(n)]))


async def gather_functions(n):
    return sum(await asyncio.gather(*[return_at_once(i, None) for i in range(n)]))


def groups(size):
    async def main(n):
        done = 0

        async def work():
            nonlocal done
            done += 1

        for left in range(n, 0, -size):
            async with asyncio.TaskGroup() as group:
                for _ in range(min(size, left)):
                    group.create_task(work())
        return done

    return main


async def cancel_group(n):
    started = 0
    ended = 0

    async def work():
        nonlocal started, ended
        started += 1
        try:
            await asyncio.sleep(HOUR)
        finally:
            ended += 1

    async def scope():
        async with asyncio.TaskGroup() as group:
            for _ in range(n):
                group.create_task(work())

    task = asyncio.create_task(scope())
    await take_turns(3)
    check_started(started, n)
    begin()
    task.cancel()
    await asyncio.wait([task])
    return ended


async def timeouts(n):
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    done = 0
    for _ in range(n):
        async with asyncio.timeout(1):
            await future
            done += 1
    return done


def through_queue(maxsize):
    async def main(n):
        queue = asyncio.Queue(maxsize)

        async def produce():
            for i in range(n):
                await queue.put(i)

        async def consume():
            total = 0
            for _ in range(n):
                total += await queue.get()
            return total

        _, total = await asyncio.gather(produce(), consume())
        return total

    return main


async def hand_over(n):
    lock = asyncio.Lock()
    holder = "nobody"
    hand_overs = 0

    async def work(name):
        nonlocal holder, hand_overs
        for _ in range(n // 2):
            await lock.acquire()
            if holder != name:
                hand_overs += 1
            holder = name
            await asyncio.sleep(0)
            lock.release()

    await asyncio.gather(work("one"), work("other"))
    return hand_overs


def in_a_sleep(i, kept):
    return asyncio.sleep(HOUR)


def on_a_future(i, kept):
    kept[i] = asyncio.get_running_loop().create_future()
    return kept[i]


def check_started(started, n):
    if started != n:
        raise RuntimeError(f"{started} of {n} tasks are parked")


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
        check_started(started, n)
        look()

    return main


TIMED = {
    "spawn": spawn_and_join(await_done),
    "spawn-return": spawn_and_join(return_at_once),
    "sleep0": take_turns,
    "sleep0-pair": take_turns_in_two_tasks,
    "sleeps": gather_sleeps,
    "task-sleeps": spawn_and_join(sleep_10_ms),
    "gather": gather_functions,
    "group-1": groups(1),
    "group-100": groups(100),
    "group-100k": groups(100_000),
    "cancel-group": cancel_group,
    "timeout-ready": timeouts,
    "queue": through_queue(0),
    "queue-128": through_queue(128),
    "lock": hand_over,
}
PARKED = {"heap-sleep": parked(in_a_sleep), "heap-future": parked(on_a_future)}


began = 0.0


def begin():
    """The time of a run is taken from here; a row calls it where its own work is only part of the run."""
    global began
    gc.collect()
    began = time.perf_counter()


def time_of(main, n, expected):
    def once():
        begin()
        result = asyncio.run(main(n))
        end = time.perf_counter()
        if result != expected:
            raise RuntimeError(f"a run gave {result} instead of {expected}")
        return (end - began) * 1e9 / n

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
