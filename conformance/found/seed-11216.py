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
    
    async def f29():
        log("18 await")
        log("18 " + show(await futures[2]))
        async def f23():
            log("24 shield")
            log("24 " + show(await asyncio.shield(futures[0])))
            return "v23"
        tasks[2] = asyncio.create_task(f23())
        log("23 made t2")
        return "v29"
    tasks[1] = asyncio.create_task(f29())
    log("29 made t1")
    async def f54():
        attempt("30 cancel t3: ", lambda: task(3).cancel())
        async def f32():
            log("34 wait_for")
            log("34 " + show(await asyncio.wait_for(futures[2], 1)))
            return "v32"
        log("31 shield")
        log("31 " + show(await asyncio.shield(f32())))
        return "v54"
    tasks[3] = asyncio.create_task(f54())
    log("54 made t3")
    def c63():
        log("63 callback")
        attempt("62 settle future 2: ", lambda: futures[2].done() or futures[2].set_result("r62"))
    handles[63] = loop.call_later(1, c63)
    log("64 gather")
    log("64 " + show(await asyncio.gather(task(1))))
