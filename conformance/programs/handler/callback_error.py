"""An error in a callback is reported, and the loop goes on."""

import asyncio


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()

    def fails(text):
        raise Boom(text)

    loop.call_soon(fails, "soon")
    loop.call_later(1, fails, "later")
    loop.call_later(1, log, "next timer")
    loop.call_soon(log, "next callback")
    await asyncio.sleep(2)
    log("main goes on")
