"""Whoever awaits an eager task that is done goes on without a turn, whatever it is awaited through."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()

    async def returns(value):
        return value

    async def fails():
        raise Boom("at once")

    def eager(coro):
        return asyncio.create_task(coro, eager_start=True)

    def others():
        loop.call_soon(log, "others have a turn")

    others()
    log(await eager(returns("alone")))
    others()
    log(show(await asyncio.gather(eager(returns("a")), eager(returns("b")))))
    others()
    log(await asyncio.shield(eager(returns("shielded"))))
    others()
    log(await asyncio.wait_for(eager(returns("no time")), 0))
    others()
    log(await asyncio.wait_for(eager(returns("some time")), 1))
    try:
        others()
        await asyncio.gather(eager(returns("a")), eager(fails()))
    except Boom as error:
        log(describe(error))
    try:
        others()
        await asyncio.wait_for(eager(fails()), 0)
    except Boom as error:
        log(describe(error))
    log("these take a turn")
    others()
    done, _ = await asyncio.wait([eager(returns("waited"))])
    log(show([one.result() for one in done]))
    others()
    async for one in asyncio.as_completed([eager(returns("completed"))]):
        log(one.result())
