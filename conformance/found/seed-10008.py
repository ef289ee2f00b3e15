import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(1)]
    handles = {}
    def attempt(text, call):
        try:
            log(text + show(call()))
        except Exception as error:
            log(text + describe(error))
    
    try:
        log("3 timeout 0")
        async with asyncio.timeout(0) as scope3:
            def c6():
                log("6 callback")
                attempt("8 settle future 0: ", lambda: futures[0].done() or futures[0].set_exception(Boom("b8")))
            handles[6] = loop.call_later(1.5, c6)
            log("11 shield")
            log("11 " + show(await asyncio.shield(futures[0])))
        log("3 in time")
    except (Exception, asyncio.CancelledError) as error43:
        log("43 caught " + describe(error43))
    async def f37():
        try:
            log("39 shield")
            log("39 " + show(await asyncio.shield(futures[0])))
        except (Exception, asyncio.CancelledError) as error38:
            log("38 caught " + describe(error38))
            log("41 sleep 2")
            log("41 " + show(await asyncio.sleep(2, "s41")))
        return "v37"
    log("36 wait_for")
    log("36 " + show(await asyncio.wait_for(f37(), 0.5)))
