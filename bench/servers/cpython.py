"""The server on CPython's asyncio: python3 -I cpython.py STYLE. It answers what control.ts answers."""

import asyncio
import gc
import os
import resource
import sys
import time


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


def answer(question):
    if question == "cpu":
        return time.process_time_ns() // 1000
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def answer_question():
    question = sys.stdin.readline().strip()
    if question == "":
        # Who asks has ended.
        os._exit(0)
    print(answer(question), flush=True)


async def main(style):
    loop = asyncio.get_running_loop()
    if style == "protocol":
        server = await loop.create_server(Echo, "127.0.0.1", 0)
    else:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop.add_reader(sys.stdin, answer_question)
    await server.serve_forever()


# As many files as Node takes by itself.
_soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
asyncio.run(main(sys.argv[1]))
