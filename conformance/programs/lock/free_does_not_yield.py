"""Taking a free lock costs no turn."""

import asyncio


async def main(log):
    lock = asyncio.Lock()
    asyncio.get_running_loop().call_soon(log, "callback")
    await lock.acquire()
    log(f"has it {lock.locked()}")
    lock.release()
    async with lock:
        log("once more")
    await asyncio.sleep(0)
