import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(3)]
    def label(one):
        if isinstance(one, asyncio.Task):
            return one.get_name()
        if one in futures:
            return f"future {futures.index(one)}"
        return "no task"
    
    def attempt(text, call):
        try:
            log(text + show(call()))
        except Exception as error:
            log(text + describe(error))
    
    def outcome(done):
        if done.cancelled():
            return "cancelled"
        error = done.exception()
        return show(done.result()) if error is None else describe(error)
    
    try:
        attempt("8 cancel self: ", lambda: asyncio.current_task().cancel())
        async def f10():
            log("11 as_completed")
            async for one in asyncio.as_completed([futures[2]], timeout=1):
                log("11 " + label(one) + " " + outcome(one))
            log("11 all completed")
            return "v10"
        log("9 shield")
        log("9 " + show(await asyncio.shield(f10())))
    except (Exception, asyncio.CancelledError) as error27:
        log("27 caught " + describe(error27))
    log("23 sleep 1")
    log("23 " + show(await asyncio.sleep(1, "s23")))
    log("25 sleep 0")
    log("25 " + show(await asyncio.sleep(0, "s25")))
