/** Python's sockets, servers and names, over Node's. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventLoop } from "turnwise";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Interpreter, load, loadInterpreter } from "./interpreter.ts";
import type { PythonOptions } from "./run-python.ts";
import { asMain, captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-network-")));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the body of an `async def main()`. @returns the lines that it printed. */
async function run(body: string, options?: PythonOptions): Promise<string[]> {
  const source = `
import asyncio, errno, gc, os, socket, sys, warnings
${asMain(body)}`;
  const { stdout, stderr, exitCode } = await captured(python, source, { args: [directory], ...options });
  expect([stderr, exitCode]).toEqual(["", 0]);
  return stdout.trimEnd().split("\n");
}

const ECHO = `
async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(b">" + line)
        await writer.drain()
    writer.close()
`;

test("a server in Python echoes to a client in Python", async () => {
  const printed = await run(`${ECHO}
async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
    host, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    print(writer.get_extra_info("peername") == (host, port), writer.get_extra_info("sockname")[0])
    for word in b"one", b"two":
        writer.write(word + b"\\n")
        print(await reader.readline())
    writer.write_eof()
    print(await reader.read(), reader.at_eof())
    writer.close()
    await writer.wait_closed()
`);
  expect(printed).toEqual(["True 127.0.0.1", "b'>one\\n'", "b'>two\\n'", "b'' True"]);
});

test("a server in Python serves a peer in Node", async () => {
  const received: string[] = [];
  const stdout = (bytes: Uint8Array): void => {
    const port = Number(/port (\d+)/.exec(new TextDecoder().decode(bytes))?.[1]);
    if (Number.isNaN(port)) return;
    const peer = connect(port, "127.0.0.1");
    peer.on("data", (data) => {
      received.push(String(data));
      if (received.length < 3) peer.write(`${received.length}\n`);
      else peer.end();
    });
    peer.write("0\n");
  };
  await captured(
    python,
    `
import asyncio
async def main():
    done = asyncio.Event()
    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(b">" + line)
        writer.close()
        done.set()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await done.wait()
asyncio.run(main())`,
    { stdout },
  );
  expect(received).toEqual([">0\n", ">1\n", ">2\n"]);
});

test("a client in Python talks to a server in Node", async () => {
  const server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const printed = await run(`
reader, writer = await asyncio.open_connection("localhost", ${port})
writer.writelines([b"a" * 100_000, b"b" * 300_000])
writer.write_eof()
data = await reader.read()
print(len(data), data == b"a" * 100_000 + b"b" * 300_000)
writer.close()
await writer.wait_closed()
`);
  server.close();
  expect(printed).toEqual(["400000 True"]);
});

test("protocols hear what asyncio's do, and a writer that is too fast is paused", async () => {
  const printed = await run(`
class Peer(asyncio.Protocol):
    def __init__(self, name):
        self.name, self.count, self.paused, self.over = name, 0, [], loop.create_future()
    def connection_made(self, transport):
        self.transport = transport
        print(self.name, "made", transport.get_write_buffer_limits(), transport.can_write_eof())
    def data_received(self, data):
        self.count += len(data)
    def eof_received(self):
        print(self.name, "eof after", self.count)
    def pause_writing(self):
        self.paused.append(self.transport.get_write_buffer_size() > 64 * 1024)
    def resume_writing(self):
        self.paused.append(self.transport.get_write_buffer_size() <= 16 * 1024)
    def connection_lost(self, error):
        print(self.name, "lost", error, self.paused)
        self.over.set_result(None)
server = await loop.create_server(lambda: Peer("server"), "127.0.0.1", 0)
transport, peer = await loop.create_connection(lambda: Peer("client"), *server.sockets[0].getsockname())
transport.write(b"x" * 8_000_000)
transport.write_eof()
try:
    transport.write(b"more")
except RuntimeError as error:
    print(error)
await peer.over
server.close()
await server.wait_closed()
`);
  expect(printed.filter((line) => line.startsWith("client"))).toEqual([
    "client made (16384, 65536) True",
    "client eof after 0",
    "client lost None [True, True]",
  ]);
  expect(printed.filter((line) => line.startsWith("server"))).toEqual([
    "server made (16384, 65536) True",
    "server eof after 8000000",
    "server lost None []",
  ]);
  expect(printed).toContain("Cannot call write() after write_eof()");
});

test("a reader that is paused gets nothing, and holds the other side up", async () => {
  const printed = await run(`
class Reader(asyncio.Protocol):
    count = 0
    def connection_made(self, transport):
        transport.pause_reading()
        made.set_result((self, transport))
    def data_received(self, data):
        self.count += len(data)
made = loop.create_future()
server = await loop.create_server(Reader, "127.0.0.1", 0)
reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
writer.write(b"x" * 20_000_000)
protocol, transport = await made
try:
    await asyncio.wait_for(writer.drain(), 0.2)
except TimeoutError:
    print("held up at", protocol.count, transport.is_reading())
transport.resume_reading()
await writer.drain()
writer.close()
while protocol.count < 20_000_000:
    await asyncio.sleep(0.01)
print(protocol.count)
server.close()
`);
  expect(printed).toEqual(["held up at 0 False", "20000000"]);
});

test("a BufferedProtocol reads into its own buffer", async () => {
  const printed = await run(`
class Buffered(asyncio.BufferedProtocol):
    def __init__(self):
        self.buffer, self.data, self.over = bytearray(7), b"", loop.create_future()
    def get_buffer(self, hint):
        return self.buffer
    def buffer_updated(self, count):
        self.data += self.buffer[:count]
    def eof_received(self):
        self.over.set_result(self.data)
async def greet(reader, writer):
    writer.write(b"twenty bytes of text")
    writer.close()
server = await asyncio.start_server(greet, "127.0.0.1", 0)
transport, protocol = await loop.create_connection(Buffered, *server.sockets[0].getsockname())
print(await protocol.over)
server.close()
`);
  expect(printed).toEqual(["b'twenty bytes of text'"]);
});

test("errors are Python's", async () => {
  const printed = await run(`
async def attempt(coroutine):
    try:
        await coroutine
    except OSError as error:
        code = errno.errorcode.get(error.errno, error.errno)
        print(type(error).__name__, code, "address already in use" in str(error))
server = await asyncio.start_server(print, "127.0.0.1", 0)
port = server.sockets[0].getsockname()[1]
await attempt(asyncio.start_server(print, "127.0.0.1", port))
server.close()
await attempt(asyncio.open_connection("127.0.0.1", port))
await attempt(asyncio.open_connection("no.such.name.invalid", port))
await attempt(asyncio.open_unix_connection(sys.argv[1] + "/none"))
await attempt(asyncio.start_unix_server(print, sys.argv[1] + "/none/socket"))
`);
  expect(printed[0]).toBe("OSError EADDRINUSE True");
  expect(printed[1]).toBe("ConnectionRefusedError ECONNREFUSED False");
  expect(printed[2]).toMatch(/^gaierror -[23] False$/);
  expect(printed[3]).toBe("FileNotFoundError ENOENT False");
  expect(printed).toHaveLength(5);
});

test("a peer that resets the connection is an error for who reads", async () => {
  const server = createServer((socket: Socket) => socket.on("data", () => socket.resetAndDestroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const printed = await run(`
reader, writer = await asyncio.open_connection("127.0.0.1", ${port})
writer.write(b"x")
try:
    await reader.read()
except ConnectionResetError as error:
    print("reset", error.errno == errno.ECONNRESET)
try:
    writer.write(b"y")
    await writer.drain()
except ConnectionResetError:
    print("and closed", writer.is_closing())
`);
  server.close();
  expect(printed).toEqual(["reset True", "and closed True"]);
});

test("a wait for a connection can be cancelled, and nothing is left", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const printed = await run(`
task = asyncio.create_task(asyncio.open_connection("127.0.0.1", ${port}))
await asyncio.sleep(0)
await asyncio.sleep(0)
task.cancel()
await asyncio.wait([task])
print(task.cancelled(), len(asyncio.all_tasks()))
`);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(printed).toEqual(["True 1"]);
});

test("a server closes, serves for ever, and drops its clients", async () => {
  const printed = await run(`
async def hang(reader, writer):
    await reader.read()
    writer.close()
server = await asyncio.start_server(hang, "127.0.0.1", 0, start_serving=False)
address = server.sockets[0].getsockname()
print(server.is_serving(), address[1] > 0)
forever = asyncio.create_task(server.serve_forever())
reader, writer = await asyncio.open_connection(*address)
await asyncio.sleep(0.05)
print(server.is_serving(), len(server._clients))
server.close()
server.close_clients()
await server.wait_closed()
print(await reader.read(), server.sockets, server.is_serving())
try:
    await forever
except asyncio.CancelledError:
    print("ended")
writer.close()
`);
  expect(printed).toEqual(["False True", "True 1", "b'' () False", "ended"]);
});

test("a server without a host listens on all addresses", async () => {
  const [printed] = await run(`
server = await asyncio.start_server(print, None, 0)
print(sorted({sock.getsockname()[0] for sock in server.sockets}))
server.close()
`);
  expect(["['0.0.0.0', '::']", "['0.0.0.0']"]).toContain(printed);
});

test("Unix sockets, under the path that Python sees", async () => {
  const printed = await run(
    `${ECHO}
path = "/shown/socket"
server = await asyncio.start_unix_server(echo, path)
reader, writer = await asyncio.open_unix_connection(path)
writer.write(b"hello\\n")
print(await reader.readline(), server.sockets[0].getsockname(), writer.get_extra_info("peername"))
writer.close()
server.close()
await server.wait_closed()
try:
    await asyncio.open_unix_connection(path)
except FileNotFoundError:
    print("gone")
`,
    { mounts: { "/shown": directory } },
  );
  expect(printed).toEqual(["b'>hello\\n' /shown/socket /shown/socket", "gone"]);
});

test("datagrams", async () => {
  const printed = await run(`
class Server(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, address):
        self.transport.sendto(data.upper(), address)
class Client(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.Queue()
    def datagram_received(self, data, address):
        self.received.put_nowait((data, address == where))
    def error_received(self, error):
        self.received.put_nowait(type(error).__name__)
    def connection_lost(self, error):
        print("lost", error)
server, _ = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
where = server.get_extra_info("sockname")
transport, client = await loop.create_datagram_endpoint(Client, remote_addr=where)
for word in b"one", b"", b"two":
    transport.sendto(word)
    print(await client.received.get())
server.close()
await asyncio.sleep(0.05)
transport.sendto(b"nobody")
print(await client.received.get())
transport.close()
await asyncio.sleep(0.05)
`);
  expect(printed).toEqual(["(b'ONE', True)", "(b'', True)", "(b'TWO', True)", "ConnectionRefusedError", "lost None"]);
});

test("sockets of one's own, with the loop's sock_ methods", async () => {
  const printed = await run(`
def make():
    sock = socket.socket()
    sock.setblocking(False)
    return sock
listener = make()
listener.bind(("127.0.0.1", 0))
server = await asyncio.start_server(lambda reader, writer: writer.write(b"welcome"), sock=listener)
with make() as sock:
    await loop.sock_connect(sock, listener.getsockname())
    print(await loop.sock_recv(sock, 3), await loop.sock_recv(sock, 100), sock.getpeername() == listener.getsockname())
server.close()
`);
  expect(printed).toEqual(["b'wel' b'come' True"]);
});

test("a port is known once it is bound, as far as Node can do that, and one that is taken is not bound again", async () => {
  const printed = await run(`
with socket.create_server(("localhost", 0)) as listener:
    port = listener.getsockname()[1]
    server = await asyncio.start_server(lambda reader, writer: writer.close(), sock=listener)
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    print(await reader.read(), port in (0, listener.getsockname()[1]))
    writer.close()
    try:
        await asyncio.start_server(print, *listener.getsockname())
    except OSError as error:
        print(error.errno == errno.EADDRINUSE)
    server.close()
with socket.socket() as sock:
    sock.setblocking(False)
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    accepted = asyncio.create_task(loop.sock_accept(sock))
    while not sock._end or not sock.getsockname()[1]:
        await asyncio.sleep(0.01)
    _, writer = await asyncio.open_connection(*sock.getsockname())
    connection, address = await accepted
    print(address == writer.get_extra_info("sockname"))
    connection.close()
    writer.close()
`);
  expect(printed).toEqual(["b'' True", "True", "True"]);
});

test("a pair of sockets is connected, for streams and for add_reader", async () => {
  const printed = await run(`
left, right = socket.socketpair()
reader, writer = await asyncio.open_connection(sock=left)
loop.call_soon(right.send, b"abc")
print(await reader.read(100))
writer.write(b"x" * 1_000_000)
right.setblocking(False)
got = 0
while got < 1_000_000:
    got += len(await loop.sock_recv(right, 1 << 16))
print(got, await asyncio.wait_for(writer.drain(), 5))
writer.close()
print(await loop.sock_recv(right, 1))
right.close()
one, other = socket.socketpair()
def readable():
    print("readable", one.recv(100))
    loop.remove_reader(one)
    done.set()
done = asyncio.Event()
loop.add_reader(one, readable)
loop.add_writer(other, lambda: (other.send(b"written"), loop.remove_writer(other)))
await done.wait()
one.close()
other.close()
`);
  expect(printed).toEqual(["b'abc'", "1000000 None", "b''", "readable b'written'"]);
});

test("names are looked up by Node", async () => {
  const printed = await run(`
found = await loop.getaddrinfo("localhost", "80", type=socket.SOCK_STREAM)
print({info[4][0] for info in found} <= {"127.0.0.1", "::1"}, found[0][1:3], found[0][4][1])
print(await loop.getaddrinfo("10.0.0.1", 80, type=socket.SOCK_DGRAM))
print(await loop.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
`);
  expect(printed).toEqual([
    "True (<SocketKind.SOCK_STREAM: 1>, 6) 80",
    "[(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_DGRAM: 2>, 17, '', ('10.0.0.1', 80))]",
    "('127.0.0.1', '80')",
  ]);
});

test("what would block, or can't be had, is refused at once", async () => {
  const printed = await run(`
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 80)),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: loop.add_reader(0, print),
):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error.strerror)
`);
  expect(printed).toEqual([
    expect.stringContaining("OSError connect() of this socket would block"),
    expect.stringContaining("gaierror to look up 'example.org' would block"),
    expect.stringContaining("PermissionError the loop can't watch the file descriptor 0"),
  ]);
});

test("a transport that is left open is warned of when the loop is gone, and its connection ends", async () => {
  let closed: () => void;
  const gone = new Promise<void>((resolve) => (closed = resolve));
  const server = createServer((socket) =>
    socket
      .on("error", () => {})
      .on("close", () => closed())
      .resume(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const { stderr, stdout } = await captured(
    python,
    `
import asyncio, warnings
warnings.simplefilter("always")
loop = asyncio.new_event_loop()
transport, protocol = loop.run_until_complete(loop.create_connection(asyncio.Protocol, "127.0.0.1", ${port}))
loop.close()
print(transport.is_closing())
del transport, protocol`,
  );
  await gone;
  server.close();
  expect(stdout).toBe("False\n");
  expect(stderr).toMatch(/ResourceWarning: unclosed transport <_SelectorSocketTransport fd=\d+>/);
});

test("where Python can't be suspended, all this is refused at once", { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await captured(
    await load(false),
    `
import asyncio, signal
async def main():
    loop = asyncio.get_running_loop()
    for attempt in (
        asyncio.open_connection("127.0.0.1", 80),
        asyncio.start_server(print, "127.0.0.1", 0),
        asyncio.start_unix_server(print, "socket"),
        loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)),
        loop.getaddrinfo("example.org", 80),
        asyncio.create_subprocess_exec("true"),
    ):
        try:
            await attempt
        except RuntimeError as error:
            print(error)
    try:
        loop.add_signal_handler(signal.SIGTERM, print)
    except RuntimeError as error:
        print(error)
    print(await asyncio.to_thread(sum, [1, 2]))
asyncio.run(main())`,
  );
  const lines = stdout.trimEnd().split("\n");
  for (const line of lines.slice(0, -1))
    expect(line).toMatch(/ needs Node 24 or later: on this version Node is blocked/);
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toBe("3");
  expect(stderr).toContain("RuntimeWarning");
});

test("all of it goes through Turnwise's loop", async () => {
  const calls = vi.spyOn(EventLoop.prototype, "callSoon");
  const pushes = vi.spyOn(EventLoop.prototype as unknown as { _push: () => void }, "_push");
  const count = async (echoes: number): Promise<number> => {
    calls.mockClear();
    pushes.mockClear();
    await run(`${ECHO}
async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for _ in range(${echoes}):
        writer.write(b"x\\n")
        await reader.readline()
    writer.close()
`);
    return calls.mock.calls.length + pushes.mock.calls.length;
  };
  try {
    // For each echo: what came there and here, who waits for it, and where it is looked at.
    expect((await count(60)) - (await count(10))).toBeGreaterThanOrEqual(50 * 4);
  } finally {
    vi.restoreAllMocks();
  }
});
