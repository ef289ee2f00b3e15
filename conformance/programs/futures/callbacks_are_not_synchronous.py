"""Done callbacks run in a later iteration, in order, also when the future is done already."""

import asyncio


async def main(log):
    fut = asyncio.get_running_loop().create_future()
    fut.add_done_callback(lambda done: log(f"first {done.result()} {done is fut}"))
    fut.add_done_callback(lambda done: log(f"second {done.result()}"))
    fut.set_result("r")
    log("set")
    fut.add_done_callback(lambda done: log(f"third {done.result()}"))
    await asyncio.sleep(0)
    log("after one turn")
