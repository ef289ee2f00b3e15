"""When main fails, the leftovers are cancelled first and the error comes out at the end."""

import asyncio


class Boom(Exception):
    pass


async def main(log):
    async def left():
        try:
            await asyncio.sleep(100)
        finally:
            log("left ends")

    asyncio.create_task(left())
    await asyncio.sleep(1)
    raise Boom("main")
