"""The loop runs and is not closed while a program runs."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()
    log(f"{loop.is_running()} {loop.is_closed()}")
    try:
        loop.close()
    except RuntimeError as error:
        log(describe(error))
    log(f"{loop.is_running()} {loop.is_closed()}")
