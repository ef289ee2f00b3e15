"""A task that awaits itself gets a RuntimeError."""

import asyncio


async def main(log):
    async def child():
        try:
            await asyncio.current_task()
        except RuntimeError as error:
            log(str(error)[:26])
        await asyncio.sleep(1)
        return "still fine"

    log(await asyncio.create_task(child()))
