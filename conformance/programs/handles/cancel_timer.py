"""A cancelled timer does not run, and time does not pass for its sake."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    early = loop.call_later(1, log, "early")
    late = loop.call_later(5, log, "late")
    same = loop.call_later(1, log, "same time, cancelled by early's neighbour")
    loop.call_later(1, lambda: log("neighbour"))
    loop.call_at(0.5, same.cancel)
    late.cancel()
    late.cancel()
    await asyncio.sleep(2)
    log(f"{early.when()} {late.when()} {late.cancelled()} {early.cancelled()}".replace(".0", ""))
