"""subgroup keeps what a predicate holds for, whole groups included."""

import asyncio

from conformance import describe, show


class Boom(Exception):
    pass


class Crash(Exception):
    pass


async def main(log):
    group = ExceptionGroup("outer", [Boom("a"), ExceptionGroup("inner", [Crash("b"), Boom("c")])])
    log(describe(group.subgroup(Boom)))
    log(describe(group.subgroup(lambda error: str(error) == "b")))
    log(describe(group.subgroup(lambda error: isinstance(error, ExceptionGroup) and error.message == "inner")))
    log(describe(group.subgroup(lambda error: False)))
    log(show(group.subgroup(lambda error: True) is group))
