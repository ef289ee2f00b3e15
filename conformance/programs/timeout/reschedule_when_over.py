"""A timeout that has fired or is finished can't be rescheduled."""

import asyncio

from conformance import describe


async def main(log):
    loop = asyncio.get_running_loop()
    scopes = []
    try:
        async with asyncio.timeout(1) as scope:
            scopes.append(scope)
            try:
                await asyncio.sleep(5)
            finally:
                try:
                    scope.reschedule(loop.time() + 9)
                except RuntimeError as error:
                    log(describe(error))
    except TimeoutError as error:
        log(describe(error))
    async with asyncio.timeout(1) as scope:
        scopes.append(scope)
    for scope in scopes:
        try:
            scope.reschedule(None)
        except RuntimeError as error:
            log(describe(error))
