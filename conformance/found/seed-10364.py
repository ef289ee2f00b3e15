import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(3)]
    handles = {}
    tasks = {}
    no_task = loop.create_future()
    no_task.set_result("no task")
    
    def task(slot):
        return tasks.get(slot, no_task)
    
    def attempt(text, call):
        try:
            log(text + show(call()))
        except Exception as error:
            log(text + describe(error))
    
    async def f51():
        try:
            log("28 await")
            log("28 " + show(await futures[1]))
        except Exception as error26:
            log("26 caught " + describe(error26))
        finally:
            log("26 finally")
            async def f42():
                log("43 sleep 0")
                log("43 " + show(await asyncio.sleep(0, "s43")))
                return "v42"
            log("41 shield")
            log("41 " + show(await asyncio.shield(f42())))
        return "v51"
    tasks[3] = asyncio.create_task(f51())
    log("51 made t3")
    def c55():
        log("55 callback")
        attempt("54 settle future 1: ", lambda: futures[1].done() or futures[1].set_result("r54"))
    handles[55] = loop.call_later(1, c55)
    try:
        log("59 timeout 0")
        async with asyncio.timeout(0) as scope59:
            async def f61():
                log("63 sleep 1")
                log("63 " + show(await asyncio.sleep(1, "s63")))
                raise Boom("b64")
                return "v61"
            log("60 shield")
            log("60 " + show(await asyncio.shield(f61())))
        log("59 in time")
    except (Exception, asyncio.CancelledError) as error74:
        log("74 caught " + describe(error74))
    log("75 gather")
    log("75 " + show(await asyncio.gather(task(3))))
