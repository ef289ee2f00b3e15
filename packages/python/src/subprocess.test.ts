/** Python's subprocesses, over Node's. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import type { PythonOptions } from "./run-python.ts";
import { asMain, type Captured, captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-subprocess-")));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(body: string, options?: PythonOptions): Promise<Captured> {
  const source = `
import asyncio, errno, os, signal, sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
${asMain(body)}`;
  const env = { PATH: process.env["PATH"] };
  return captured(python, source, { args: [directory], env, mounts: { "/shown": directory }, ...options });
}

/** The lines that such a program printed. */
async function printed(body: string): Promise<string[]> {
  const { stdout, stderr, exitCode } = await run(body);
  expect([stderr, exitCode]).toEqual(["", 0]);
  return stdout.trimEnd().split("\n");
}

test("communicate writes to stdin, and reads all of stdout and stderr", async () => {
  const lines = await printed(`
process = await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
data = b"line\\n" * 200_000
out, err = await process.communicate(data)
print(out == data, err, process.returncode, process.pid > 0)
process = await asyncio.create_subprocess_shell("echo out; echo err >&2; exit 3", stdout=PIPE, stderr=PIPE)
print(await process.communicate(), process.returncode)
process = await asyncio.create_subprocess_shell("echo out; echo err >&2", stdout=PIPE, stderr=STDOUT)
print(await process.communicate())
`);
  expect(lines).toEqual(["True None 0 True", "(b'out\\n', b'err\\n') 3", "(b'out\\nerr\\n', None)"]);
});

test("a dialogue, line by line, until stdin is closed", async () => {
  const lines = await printed(`
process = await asyncio.create_subprocess_shell("while read line; do echo got $line; done", stdin=PIPE, stdout=PIPE)
for word in b"one\\n", b"two\\n":
    process.stdin.write(word)
    await process.stdin.drain()
    print(await process.stdout.readline())
process.stdin.close()
await process.stdin.wait_closed()
print(await process.stdout.read(), await process.wait())
`);
  expect(lines).toEqual(["b'got one\\n'", "b'got two\\n'", "b'' 0"]);
});

test("signals end it, and the return code tells which", async () => {
  const lines = await printed(`
for end in (
    lambda process: process.terminate(),
    lambda process: process.kill(),
    lambda process: process.send_signal(signal.SIGINT),
):
    process = await asyncio.create_subprocess_exec("sleep", "60")
    print(process.returncode, end(process), await process.wait())
    try:
        process.kill()
    except ProcessLookupError:
        print("gone")
`);
  expect(lines).toEqual(["None None -15", "gone", "None None -9", "gone", "None None -2", "gone"]);
});

test("environment, folder and files are those that Python names", async () => {
  const lines = await printed(`
process = await asyncio.create_subprocess_shell("echo $NAME; pwd", stdout=PIPE, cwd="/shown", env={"NAME": "value"})
print(*(await process.communicate())[0].decode().split())
with open("/shown/out.txt", "wb") as file:
    process = await asyncio.create_subprocess_exec("echo", "to a file", stdout=file)
    await process.wait()
with open("/shown/out.txt") as file:
    process = await asyncio.create_subprocess_exec("cat", stdin=file, stdout=PIPE, stderr=DEVNULL)
    print((await process.communicate())[0])
`);
  expect(lines).toEqual([`value ${directory}`, "b'to a file\\n'"]);
  expect(readFileSync(join(directory, "out.txt"), "utf8")).toBe("to a file\n");
});

test("what a child prints goes where the program's output goes, and has come before its end is told", async () => {
  const { stdout, stderr } = await run(`
process = await asyncio.create_subprocess_shell("echo printed; echo complained >&2")
print("ended", await process.wait())
process = await asyncio.create_subprocess_shell("echo dropped", stdout=DEVNULL)
print("ended", await process.wait())
`);
  expect([stdout, stderr]).toEqual(["printed\nended 0\nended 0\n", "complained\n"]);
});

test("what can't be started is an error of Python's, with the name of what is missing", async () => {
  const lines = await printed(`
async def attempt(*command, **options):
    try:
        await asyncio.create_subprocess_exec(*command, **options)
    except (OSError, NotImplementedError) as error:
        print(type(error).__name__, getattr(error, "filename", error))
await attempt("no-such-program")
await attempt("/shown")
await attempt("ls", cwd="/shown/none")
await attempt("ls", preexec_fn=print)
`);
  expect(lines).toEqual([
    "FileNotFoundError no-such-program",
    "PermissionError /shown",
    "FileNotFoundError /shown/none",
    "NotImplementedError Node can't start a process with preexec_fn",
  ]);
});

test("sys.executable is a Python of the same kind", { timeout: 60_000 }, async () => {
  const lines = await printed(`
code = "import sys; print(sys.version_info[:2] == (3, 14), sys.argv[1:], input()); sys.exit(3)"
process = await asyncio.create_subprocess_exec(sys.executable, "-u", "-c", code, "a b", stdin=PIPE, stdout=PIPE)
print(*await process.communicate(b"line\\n"), process.returncode)
`);
  expect(lines).toEqual([`b"True ['a b'] line\\n" None 3`]);
});

test("stdin is read, and stdout written, without blocking the loop", async () => {
  const { stdout } = await run(
    `
reader = asyncio.StreamReader()
await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout)
writer = asyncio.StreamWriter(transport, protocol, reader, loop)
while line := await reader.readline():
    writer.write(line.upper())
    await writer.drain()
writer.close()
try:
    await loop.connect_read_pipe(asyncio.Protocol, open("/shown/file", "w"))
except ValueError as error:
    print(str(error)[:24])
`,
    { stdin: "one\ntwo\n" },
  );
  expect(stdout).toBe("ONE\nTWO\nthe loop can't watch <_i\n");
});

test("a protocol hears of the pipes, and of the end", async () => {
  const lines = await printed(`
class Protocol(asyncio.SubprocessProtocol):
    def __init__(self):
        self.over = loop.create_future()
    def pipe_data_received(self, fd, data):
        print(fd, data)
    def pipe_connection_lost(self, fd, error):
        print(fd, "lost", error)
    def process_exited(self):
        print("exited")
    def connection_lost(self, error):
        self.over.set_result(error)
transport, protocol = await loop.subprocess_shell(Protocol, "exec cat", stderr=None)
stdin = transport.get_pipe_transport(0)
stdin.write(b"x")
stdin.write_eof()
print(await protocol.over, transport.get_returncode(), transport.get_pipe_transport(2))
transport.close()
`);
  expect(lines).toContain("1 b'x'");
  expect(lines).toContain("1 lost None");
  expect(lines).toContain("0 lost None");
  expect(lines).toContain("exited");
  expect(lines.at(-1)).toBe("None 0 None");
});

test("a wait for a process can be cancelled, and what is left is killed at the end", async () => {
  const lines = await printed(`
process = await asyncio.create_subprocess_exec("sleep", "60", stdout=PIPE)
try:
    await asyncio.wait_for(process.communicate(), 0.05)
except TimeoutError:
    print(process.pid)
`);
  const pid = Number(lines[0]);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("no task but the program's own is there", async () => {
  const lines = await printed(`
process = await asyncio.create_subprocess_exec("sleep", "60")
print(len(asyncio.all_tasks()))
process.kill()
await process.wait()
`);
  expect(lines).toEqual(["1"]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
