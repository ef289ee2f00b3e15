/** Python's threads, which there are none of. */
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
import asyncio, contextvars, threading, time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
${asMain(body)}`,
  );
}

test("a function runs in the loop, in a turn of its own, and the program is warned once", async () => {
  const { stdout, stderr } = await run(`
def work(name):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        print("works in no loop:", name)
    return name.upper()
loop.call_soon(print, "before")
print(await asyncio.to_thread(work, "one"))
print(await loop.run_in_executor(None, work, "two"))
`);
  expect(stdout).toBe("before\nworks in no loop: one\nONE\nworks in no loop: two\nTWO\n");
  expect(stderr.match(/RuntimeWarning: there are no threads in WebAssembly/g)).toHaveLength(1);
  expect(stderr).toMatch(/^<string>:\d+: /);
  expect((await run(`await asyncio.to_thread(print)`)).stderr).toContain("RuntimeWarning"); // Each program.
});

test("an error is the caller's, and context variables go along with to_thread", async () => {
  const { stdout } = await run(`
variable = contextvars.ContextVar("variable", default="empty")
variable.set("set")
print(await asyncio.to_thread(variable.get), await loop.run_in_executor(None, variable.get))
def fail():
    raise LookupError("no")
try:
    await asyncio.to_thread(fail)
except LookupError as error:
    print(repr(error))
`);
  expect(stdout).toBe("set empty\nLookupError('no')\n");
});

test("one that was cancelled before it began never runs", async () => {
  const { stdout } = await run(`
task = asyncio.create_task(asyncio.to_thread(print, "never"))
await asyncio.sleep(0)
task.cancel()
await asyncio.wait([task])
print(task.cancelled())
`);
  expect(stdout).toBe("True\n");
});

test("executors can be given, set and shut down", async () => {
  const { stdout } = await run(`
class Own(Executor):
    def submit(self, fn, *args):
        future = Future()
        future.set_result(("own", fn(*args)))
        return future
with ThreadPoolExecutor() as threads, ProcessPoolExecutor() as processes:
    print(await loop.run_in_executor(threads, sum, [1, 2]), await loop.run_in_executor(processes, sum, [3, 4]))
print(await loop.run_in_executor(Own(), sum, [5, 6]))
loop.set_default_executor(ThreadPoolExecutor())
late = loop.run_in_executor(None, len, "four")
await loop.shutdown_default_executor()
print(late.result())
try:
    await asyncio.to_thread(print)
except RuntimeError as error:
    print(error)
`);
  expect(stdout).toBe("3 7\n('own', 11)\n4\nExecutor shutdown has been called\n");
});

test("asyncio.run waits for functions that were asked for and not waited for", async () => {
  const { stdout } = await run(`loop.run_in_executor(None, print, "ran")`);
  expect(stdout).toBe("ran\n");
});

test("what needs a real thread fails at once, and says why", async () => {
  const { stdout } = await run(`
for attempt in (
    lambda: threading.Thread(target=print).start(),
    lambda: ThreadPoolExecutor().submit(print),
    lambda: ProcessPoolExecutor().submit(print),
    lambda: threading.Event().wait(),
    lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(),
):
    try:
        attempt()
    except RuntimeError as error:
        print(error)
print(threading.active_count())
`);
  expect(stdout.trimEnd().split("\n")).toEqual([
    expect.stringContaining("can't start a thread, there are none in WebAssembly: use a task"),
    expect.stringContaining("can't start a thread"),
    expect.stringContaining("can't start a process for a function"),
    expect.stringContaining("this waits for another thread"),
    expect.stringContaining("this waits for another thread"),
    "1",
  ]);
});

test("call_soon_threadsafe and run_coroutine_threadsafe work from the loop's own thread", async () => {
  const { stdout } = await run(`
loop.call_soon_threadsafe(print, "called")
print(await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "result"), loop)))
`);
  expect(stdout).toBe("called\nresult\n");
});
