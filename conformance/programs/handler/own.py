"""A program's own handler gets the message and the error."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


async def main(log):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: log(f"own: {context['message']} {describe(context.get('exception'))}"))
    loop.call_exception_handler({"message": "by hand", "exception": Boom("given")})
    loop.call_exception_handler({"message": "only a message"})
    log(show(loop.get_exception_handler() is not None))
