/** Signals of the system in Python. */
import { beforeAll, expect, test } from "vitest";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import { asMain, type Captured, captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

function run(body: string): Promise<Captured> {
  return captured(
    python,
    `
import asyncio, os, signal, sys
${asMain(body)}`,
    { env: { PATH: process.env["PATH"] } },
  );
}

test("add_signal_handler calls a callback of the loop, until it is removed", async () => {
  const { stdout, stderr } = await run(`
heard = asyncio.Queue()
loop.add_signal_handler(signal.SIGUSR2, heard.put_nowait, "first")
loop.add_signal_handler(signal.SIGUSR2, heard.put_nowait, "second")
await asyncio.create_subprocess_exec("kill", "-USR2", str(os.getpid()))
print(await heard.get())
os.kill(os.getpid(), signal.SIGUSR2)
print(await heard.get())
print(loop.remove_signal_handler(signal.SIGUSR2), loop.remove_signal_handler(signal.SIGUSR2))
`);
  expect([stderr, stdout]).toEqual(["", "second\nsecond\nTrue False\n"]);
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});

test("signal.signal takes a handler for the time that the program waits", async () => {
  const { stdout } = await run(`
heard = asyncio.Event()
def handler(number, frame):
    print(signal.Signals(number).name, frame is not None)
    heard.set()
print(signal.signal(signal.SIGTERM, handler) == signal.SIG_DFL, signal.getsignal(signal.SIGTERM) is handler)
await asyncio.create_subprocess_exec("kill", "-TERM", str(os.getpid()))
await heard.wait()
signal.raise_signal(signal.SIGTERM)
`);
  expect(stdout).toBe("True True\nSIGTERM True\nSIGTERM True\n");
  expect(process.listenerCount("SIGTERM")).toBe(0); // The program has not reset it.
  expect((await run(`print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)`)).stdout).toBe("True\n");
});

test("what a handler raises ends the program", async () => {
  const { exitCode, stdout } = await run(`
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
try:
    await asyncio.create_subprocess_exec("kill", "-TERM", str(os.getpid()))
    await asyncio.sleep(60)
finally:
    print("cleaned up")
`);
  expect([exitCode, stdout]).toEqual([7, "cleaned up\n"]);
});

test("what is no signal, or can't be caught, is refused", async () => {
  const { stdout } = await run(`
async def handler():
    pass
for number, callback in (signal.SIGKILL, print), (1000, print), ("SIGTERM", print), (signal.SIGTERM, handler):
    try:
        loop.add_signal_handler(number, callback)
    except (RuntimeError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
`);
  expect(stdout.trimEnd().split("\n")).toEqual([
    "RuntimeError sig 9 cannot be caught",
    "ValueError invalid signal number 1000",
    "TypeError sig must be an int, not 'SIGTERM'",
    "TypeError coroutines cannot be used with add_signal_handler()",
  ]);
});

test("a signal to a process that is not there", async () => {
  const { stdout } = await run(`
process = await asyncio.create_subprocess_exec("true")
await process.wait()
try:
    os.kill(process.pid, 0)
except ProcessLookupError:
    print("gone")
`);
  expect(stdout).toBe("gone\n");
});
