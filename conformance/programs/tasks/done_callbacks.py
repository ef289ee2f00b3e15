"""A task's done callbacks run one iteration after its last step, before its waiters that came later."""

import asyncio


async def main(log):
    async def child():
        log("last step")
        return "r"

    task = asyncio.create_task(child())
    task.add_done_callback(lambda done: log(f"callback {done.result()}"))
    asyncio.get_running_loop().call_soon(log, "queued before the end")
    log(await task)
    task.add_done_callback(lambda done: log("added late"))
    log("not yet")
    await asyncio.sleep(0)
