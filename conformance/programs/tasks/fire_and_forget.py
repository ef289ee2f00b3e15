"""Tasks that nobody awaits run on while others wait."""

import asyncio


async def main(log):
    async def forgotten(name):
        for n in range(3):
            await asyncio.sleep(1)
            log(f"{name} {n}")

    def start(name):
        asyncio.create_task(forgotten(name), name=name)

    start("from main")
    asyncio.get_running_loop().call_later(0.5, start, "from callback")
    await asyncio.sleep(5)
