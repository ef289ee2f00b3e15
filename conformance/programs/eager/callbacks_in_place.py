"""A callback that the creator adds to an eager task has its place among what the creator leaves with the loop."""

import asyncio


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()

    async def returns():
        loop.call_soon(log, "left by the one that returns")
        asyncio.current_task().add_done_callback(lambda task: log("its own callback"))

    async def fails():
        raise Boom("at once")

    async def waits():
        loop.call_soon(log, "left by the one that waits")
        await asyncio.sleep(0)
        log("the one that waited goes on")

    for function in (returns, fails, waits):
        name = function.__name__
        loop.call_soon(log, f"before {name}")
        task = asyncio.create_task(function(), eager_start=True)
        loop.call_soon(log, f"after {name}")
        task.add_done_callback(lambda task, name=name: log(f"{name}: {task.exception()}"))
        loop.call_soon(log, f"last of {name}")
        twice = lambda task, name=name: log(f"{name} once more")  # noqa: E731
        task.add_done_callback(twice)
        if function is waits:
            log(f"removed {task.remove_done_callback(twice)}")
    await asyncio.sleep(1)
