"""split gives two groups of the same shape."""

import asyncio

from conformance import describe


class Boom(Exception):
    pass


class Crash(Exception):
    pass


async def main(log):
    group = ExceptionGroup("outer", [Boom("a"), ExceptionGroup("inner", [Crash("b"), Boom("c")]), Crash("d")])
    for kind in (Boom, Crash, (Boom, Crash), TimeoutError):
        match, rest = group.split(kind)
        log(f"{describe(match)} | {describe(rest)}")
    log(describe(group))
