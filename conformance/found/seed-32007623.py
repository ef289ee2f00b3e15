import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(3)]
    tasks = {}
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
    
    times = {}
    def asked(what):
        times[what] = times.get(what, 0) + 1
        return times[what]
    
    cond = asyncio.Condition()
    async def f15():
        try:
            log("7 as_completed")
            async for one in asyncio.as_completed([futures[0]], timeout=None):
                log("7 " + label(one) + " " + outcome(one))
            log("7 all completed")
        except (Exception, asyncio.CancelledError) as error6:
            log("6 caught " + describe(error6))
        finally:
            log("6 finally")
            log("11 sleep 0")
            log("11 " + show(await asyncio.sleep(0, "s11")))
            log("12 condWaitFor")
            log("12 " + show(await cond.wait_for(lambda: asked("q12") > 1)))
        return "v15"
    tasks[2] = asyncio.create_task(f15())
    log("15 made t2")
    async def f17():
        raise KeyboardInterrupt("b16")
        return "v17"
    tasks[3] = asyncio.create_task(f17())
    log("17 made t3")
