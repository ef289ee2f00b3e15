"""Two tasks that hand each other futures take turns strictly."""

import asyncio


async def main(log):
    loop = asyncio.get_running_loop()
    ball = [loop.create_future() for _ in range(7)]

    async def player(name, first):
        for n in range(first, 6, 2):
            await ball[n]
            log(f"{name} has ball {n}")
            ball[n + 1].set_result(None)

    ping = asyncio.create_task(player("ping", 0))
    pong = asyncio.create_task(player("pong", 1))
    ball[0].set_result(None)
    await ball[6]
    log(f"{ping.done()} {pong.done()}")
    await ping
    await pong
