"""wait yields even if everything is done already."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    fut.set_result(1)
    loop.call_soon(log, "callback")
    done, pending = await asyncio.wait([fut, fut])
    log(f"{len(done)} {len(pending)}")
    loop.call_soon(log, "callback 2")
    done, pending = await asyncio.wait([fut, loop.create_future()], return_when=asyncio.FIRST_COMPLETED)
    log(f"{len(done)} {len(pending)}")
