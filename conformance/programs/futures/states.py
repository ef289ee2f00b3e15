"""A future is pending, then has a result, an error, or is cancelled."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()

    def states(fut):
        return f"{fut.done()} {fut.cancelled()}"

    good, bad, gone = loop.create_future(), loop.create_future(), loop.create_future()
    log(states(good))
    good.set_result(3)
    bad.set_exception(Boom("bad"))
    log(show(gone.cancel("gone")))
    log(f"{states(good)} {good.result()} {describe(good.exception())}")
    log(f"{states(bad)} {describe(bad.exception())}")
    log(f"{states(gone)} {gone.cancel()}")
