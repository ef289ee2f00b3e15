"""A leftover task that fails while it is cancelled is reported to the exception handler."""

import asyncio


class Boom(Exception):
    pass


class Crash(Exception):
    pass


async def main(log):
    async def left(name, error):
        try:
            await asyncio.sleep(100)
        finally:
            if error is not None:
                raise error

    asyncio.create_task(left("a", Boom("a")))
    asyncio.create_task(left("b", None))
    asyncio.create_task(left("c", Crash("c")))
    await asyncio.sleep(1)
    log("main ends")
