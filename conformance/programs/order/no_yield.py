"""An async function that waits for nothing does not yield."""

import asyncio


async def main(log):
    async def nothing():
        return "nothing"

    async def other():
        log("other")

    asyncio.create_task(other())
    log(await nothing())
    log(await nothing())
    await asyncio.sleep(0)
    log("after sleep(0)")
