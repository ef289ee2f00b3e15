"""Two cancels before the task runs: counted twice, raised once if waiting on one future, with the last message kept pending."""

import asyncio

from conformance import describe, show


async def main(log):
    async def child():
        for turn in range(3):
            try:
                await asyncio.sleep(1)
                log(f"slept {turn}")
            except asyncio.CancelledError as error:
                log(f"{turn} {describe(error)}")
        return "over"

    task = asyncio.create_task(child())
    await asyncio.sleep(0)
    log(show(task.cancel("one")))
    log(show(task.cancel("two")))
    log(show(task.cancelling()))
    log(await task)
    log(show(task.cancelling()))
