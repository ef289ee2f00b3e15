"""An error in a done callback goes to the exception handler; the others still run."""

import asyncio


class Boom(Exception):
    pass


async def main(log):
    fut = asyncio.get_running_loop().create_future()

    def fails(done):
        log("about to fail")
        raise Boom("callback")

    fut.add_done_callback(fails)
    fut.add_done_callback(lambda done: log("still runs"))
    fut.set_result(None)
    await fut
    await asyncio.sleep(0)
    log("end")
