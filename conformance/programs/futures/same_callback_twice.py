"""The same callback added twice runs twice."""

import asyncio


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    def again(done):
        log("called")

    fut.add_done_callback(again)
    fut.add_done_callback(again)
    fut.set_result(None)
    await asyncio.sleep(0)
    log("end")
