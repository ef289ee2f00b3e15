"""wait_for hands the error through; so does a cleanup that fails after the time is up."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    async def fails():
        await asyncio.sleep(1)
        raise Boom("in time")

    async def fails_late():
        try:
            await asyncio.sleep(10)
        finally:
            raise Boom("while cancelled")

    for make in (fails, fails_late):
        for wrap in (lambda coro: coro, asyncio.create_task):
            try:
                await asyncio.wait_for(wrap(make()), 2)
            except Boom as error:
                log(f"{describe(error)} {asyncio.current_task().cancelling()}")
