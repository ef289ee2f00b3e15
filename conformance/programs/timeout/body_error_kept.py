"""An error that the interrupted block raises instead of CancelledError comes out as it is."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


async def main(log):
    try:
        async with asyncio.timeout(1) as scope:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                raise Boom("instead")
    except Boom as error:
        log(f"{describe(error)} {scope.expired()} {asyncio.current_task().cancelling()}")
