import asyncio
import contextvars

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(2)]
    tasks = {}
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
    
    attempt("1 settle future 0: ", lambda: futures[0].done() or futures[0].set_result("r1"))
    def c3(done):
        log("3 done: " + outcome(done))
        async def f5():
            log("20 sleep 0")
            log("20 " + show(await asyncio.sleep(0, "s20")))
            return "v5"
        tasks[1] = asyncio.create_task(f5())
        log("5 made t1")
    futures[0].add_done_callback(c3)
    raise KeyboardInterrupt("b49")
