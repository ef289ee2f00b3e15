"""What an eager task waits for is settled, cancelled or listened to in the very step that created the task."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()

    async def waits(name, future):
        try:
            log(f"{name} got {await future}")
        except asyncio.CancelledError as error:
            log(f"{name}: {describe(error)}")

    def eager(name, future):
        return asyncio.create_task(waits(name, future), eager_start=True)

    future = loop.create_future()
    future.add_done_callback(lambda future: log("callback before"))
    first = eager("first", future)
    future.add_done_callback(lambda future: log("callback between"))
    second = eager("second", future)
    loop.call_soon(log, "soon before")
    future.set_result("it")
    loop.call_soon(log, "soon after")
    await asyncio.wait([first, second])

    future = loop.create_future()
    third = eager("third", future)
    loop.call_soon(log, "soon before")
    future.cancel("no more")
    loop.call_soon(log, "soon after")
    await third

    child = asyncio.create_task(waits("child", loop.create_future()), name="child")
    await asyncio.sleep(0)
    fourth = eager("fourth", child)
    loop.call_soon(log, "soon before")
    log(f"cancel: {fourth.cancel('all of it')}")
    loop.call_soon(log, "soon after")
    await fourth

    fifth = eager("fifth", asyncio.sleep(1, "fifth's"))
    loop.call_later(1, log, "set after the fifth began to sleep")
    await fifth
