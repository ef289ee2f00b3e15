"""Virtual time stands still while anything is ready."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()

    async def busy():
        for _ in range(5):
            await asyncio.sleep(0)
        log("busy is done")

    loop.call_later(0.25, log, "quarter")
    loop.call_later(0.1 + 0.2, log, "a sum of floats")
    loop.call_later(0.3, log, "three tenths")
    await busy()
    await asyncio.sleep(1)
