import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
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
    
    async def f5():
        raise Boom("b4")
        return "v5"
    tasks[1] = asyncio.create_task(f5())
    log("5 made t1")
    try:
        log("7 timeout 3")
        async with asyncio.timeout(3) as scope7:
            async def f13():
                async def f18():
                    attempt("20 reschedule: ", lambda: scope7.reschedule(loop.time() + 0))
                    log("21 wait_for")
                    log("21 " + show(await asyncio.wait_for(task(1), None)))
                    return "v18"
                log("17 shield")
                log("17 " + show(await asyncio.shield(f18())))
                return "v13"
            log("12 shield")
            log("12 " + show(await asyncio.shield(f13())))
        log("7 in time")
    except (Exception, asyncio.CancelledError) as error47:
        log("47 caught " + describe(error47))
    log("39 sleep 0")
    log("39 " + show(await asyncio.sleep(0, "s39")))
    log("40 sleep 0")
    log("40 " + show(await asyncio.sleep(0, "s40")))
