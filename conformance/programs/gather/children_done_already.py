"""Children that are done already are counted at once, errors too."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    good = loop.create_future()
    good.set_result(1)
    bad = loop.create_future()
    bad.set_exception(Boom("early"))
    both = asyncio.gather(good, good)
    log(show(both.done()))
    loop.call_soon(log, "callback")
    log(show(await both))
    log("no turn was needed?")
    mixed = asyncio.gather(good, bad, loop.create_future())
    log(show(mixed.done()))
    try:
        await mixed
    except Boom as error:
        log(describe(error))
    await asyncio.sleep(0)
