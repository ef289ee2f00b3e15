/** asyncio's behaviour on Turnwise's loop: the expected lines are what CPython prints. */
import { beforeAll, describe, expect, test } from "vitest";
import { canSuspend, type Interpreter, load } from "./interpreter.ts";
import { captured } from "./testing/captured.ts";

const PROGRAMS: Record<string, readonly [source: string, stdout: string]> = {
  "callbacks run first in, first out, and what they add comes after": [
    `
def show(name):
    print(name, end=" ")
    if name == "a":
        loop.call_soon(show, "d")
        loop.call_soon(loop.stop)
loop = asyncio.new_event_loop()
for name in "abc":
    loop.call_soon(show, name)
loop.run_forever()
print(loop.is_running(), loop.is_closed())
loop.close()
print(loop.is_closed())`,
    "a b c d False False\nTrue\n",
  ],
  "timers run by their time, and cancelled ones do not": [
    `
loop = asyncio.new_event_loop()
now = loop.time()
loop.call_at(now + 0.03, print, "third")
loop.call_later(0.02, print, "second")
loop.call_later(0.01, print, "first")
loop.call_later(0.015, print, "never").cancel()
loop.call_later(0.04, loop.stop)
loop.run_forever()
print(0.035 < loop.time() - now < 2)
loop.close()`,
    "first\nsecond\nthird\nTrue\n",
  ],
  "a loop is made with a selector, as asyncio's is": [
    `
import selectors
def make(): return asyncio.SelectorEventLoop(selectors.SelectSelector())
print(asyncio.run(asyncio.sleep(0, "done"), loop_factory=make))`,
    "done\n",
  ],
  "tests look at a loop's queue and timers, and run one iteration": [
    `
loop = asyncio.new_event_loop()
later = loop.call_later(0.02, print, "later")
soon = loop.call_later(0.01, print, "soon")
loop.call_soon(print, "first")
print(len(loop._ready), loop._scheduled == [soon, later])
loop._run_once()
print("then")
loop._run_once()
print(len(loop._ready), loop._scheduled == [later])
loop.close()`,
    "1 True\nfirst\nthen\nsoon\n0 True\n",
  ],
  "stop lets the iteration end, and the rest runs in the next run": [
    `
loop = asyncio.new_event_loop()
def first():
    loop.stop()
    loop.call_soon(print, "later")
loop.call_soon(first)
loop.call_soon(print, "same iteration")
loop.run_forever()
print("stopped")
loop.call_soon(loop.stop)
loop.run_forever()
loop.close()`,
    "same iteration\nstopped\nlater\n",
  ],
  "a stop before the run lets one iteration run": [
    `
loop = asyncio.new_event_loop()
loop.call_soon(print, "once")
loop.stop()
loop.run_forever()
print("stopped")
loop.close()`,
    "once\nstopped\n",
  ],
  "tasks take turns": [
    `
async def work(name):
    for step in range(3):
        print(name + str(step), end=" ")
        await asyncio.sleep(0)
async def main():
    await asyncio.gather(work("A"), work("B"))
asyncio.run(main())`,
    "A0 B0 A1 B1 A2 B2 ",
  ],
  "the notes' calls: get_event_loop, create_task, run_until_complete, close": [
    `
async def work(name):
    await asyncio.sleep(0.01)
    return name
loop = asyncio.get_event_loop()
tasks = [loop.create_task(work("A")), loop.create_task(work("B"))]
done, pending = loop.run_until_complete(asyncio.wait(tasks))
print(sorted(task.result() for task in done), pending)
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as error:
    print(error)`,
    "['A', 'B'] set()\nEvent loop is closed\n",
  ],
  "several loops, one after another": [
    `
async def main():
    await asyncio.sleep(0.001)
    return asyncio.get_running_loop()
loops = [asyncio.run(main()) for _ in range(3)]
print(len(set(loops)), [loop.is_closed() for loop in loops])
with asyncio.Runner() as runner:
    print(runner.run(main()) is runner.run(main()))`,
    "3 [True, True, True]\nTrue\n",
  ],
  "time.sleep blocks all tasks, asyncio.sleep does not": [
    `
import time
async def blocking(): time.sleep(0.05)
async def polite(): await asyncio.sleep(0.05)
async def took(work):
    begin = time.monotonic()
    await asyncio.gather(*[work() for _ in range(6)])
    return time.monotonic() - begin
print(asyncio.run(took(blocking)) >= 0.3, asyncio.run(took(polite)) < 0.25)`,
    "True True\n",
  ],
  "cancellation reaches the task where it waits": [
    `
async def patient():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError as error:
        print("cancelled:", error)
        raise
async def main():
    task = asyncio.create_task(patient())
    await asyncio.sleep(0)
    print(task.cancel("enough"))
    print(await asyncio.gather(task, return_exceptions=True))
    print(task.cancelled(), asyncio.current_task().cancelling())
asyncio.run(main())`,
    "True\ncancelled: enough\n[CancelledError('')]\nTrue 0\n",
  ],
  "timeout, wait_for and a task group end what is in them": [
    `
async def forever():
    try:
        await asyncio.Event().wait()
    finally:
        print("ended")
async def fail():
    raise ValueError("no")
async def main():
    try:
        async with asyncio.timeout(0.01):
            await forever()
    except TimeoutError:
        print("timeout")
    try:
        await asyncio.wait_for(forever(), 0.01)
    except TimeoutError:
        print("wait_for")
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(forever())
            group.create_task(fail())
    except* ValueError as errors:
        print(errors.exceptions)
asyncio.run(main())`,
    "ended\ntimeout\nended\nwait_for\nended\n(ValueError('no'),)\n",
  ],
  "locks, events, conditions and queues": [
    `
async def producer(queue):
    for item in range(4):
        await queue.put(item)
    queue.shutdown()
async def consumer(queue, lock, seen):
    while True:
        try:
            item = await queue.get()
        except asyncio.QueueShutDown:
            return
        async with lock:
            await asyncio.sleep(0)
            seen.append(item)
async def main():
    queue, lock, seen = asyncio.Queue(1), asyncio.Lock(), []
    await asyncio.gather(producer(queue), consumer(queue, lock, seen), consumer(queue, lock, seen))
    print(sorted(seen), lock.locked())
    barrier = asyncio.Barrier(3)
    print(sorted(await asyncio.gather(*[barrier.wait() for _ in range(3)])))
asyncio.run(main())`,
    "[0, 1, 2, 3] False\n[0, 1, 2]\n",
  ],
  "an async generator that is left is closed, at once or with the loop": [
    `
async def numbers(name):
    try:
        yield 1
        yield 2
    finally:
        await asyncio.sleep(0)
        print(name, "closed")
kept = []
async def main():
    async for _ in numbers("left"):
        break
    await asyncio.sleep(0.001)
    print("on")
    kept.append(numbers("kept"))
    await anext(kept[0])
asyncio.run(main())
print("end")`,
    "left closed\non\nkept closed\nend\n",
  ],
  "each task and callback has its own context": [
    `
import contextvars
var = contextvars.ContextVar("var", default="none")
async def child(value):
    var.set(value)
    await asyncio.sleep(0)
    return var.get()
async def main():
    var.set("main")
    asyncio.get_running_loop().call_soon(lambda: print(var.get()))
    print(await asyncio.gather(child("a"), child("b")), var.get())
asyncio.run(main())
print(var.get())`,
    "main\n['a', 'b'] main\nnone\n",
  ],
  "threads' ways into the loop work without threads": [
    `
async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon_threadsafe(future.set_result, "set")
    print(await future)
asyncio.run(main())`,
    "set\n",
  ],
  "eager tasks begin at once": [
    `
async def name():
    return asyncio.current_task().get_name()
async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(name(), name="eager")
    print(task.done(), task.result())
asyncio.run(main())`,
    "True eager\n",
  ],
  "what asyncio forbids is refused in its words": [
    `
async def main():
    loop = asyncio.get_running_loop()
    for call in (loop.run_forever, loop.close, lambda: asyncio.new_event_loop().run_forever()):
        try:
            call()
        except RuntimeError as error:
            print(error)
asyncio.run(main())
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)`,
    "This event loop is already running\nCannot close a running event loop\n" +
      "Cannot run the event loop while another loop is running\nno running event loop\n",
  ],
  "SystemExit out of a callback ends the run, and the loop can go on": [
    `
import sys
loop = asyncio.new_event_loop()
loop.call_soon(sys.exit, 3)
loop.call_soon(print, "after")
try:
    loop.run_forever()
except SystemExit as exit:
    print("exit", exit.code)
loop.call_soon(loop.stop)
loop.run_forever()
loop.close()`,
    "exit 3\nafter\n",
  ],
};

describe.for([
  ["Python is suspended while it waits", true],
  ["Python blocks the thread", false],
] as const)("%s", ([, suspends]) => {
  let python: Interpreter;
  beforeAll(async () => {
    python = await load(suspends && canSuspend);
  }, 60_000);

  test.for(Object.entries(PROGRAMS))("%s", async ([, [source, stdout]]) => {
    const outcome = await captured(python, `import asyncio${source}`);
    expect(outcome).toEqual({ stdout, stderr: "", exitCode: 0, signal: null });
    expect(python.loops.size).toBe(0);
  });

  test("debug mode tells of slow callbacks, and of calls from nowhere", async () => {
    const { stdout, stderr } = await captured(
      python,
      `import asyncio, time
async def slow():
    time.sleep(0.12)
async def main():
    print(asyncio.get_running_loop().get_debug())
    await asyncio.create_task(slow(), name="slow one")
    try:
        asyncio.get_running_loop().call_soon(slow)
    except TypeError as error:
        print(error)
asyncio.run(main(), debug=True)`,
    );
    expect(stdout).toBe("True\ncoroutines cannot be used with call_soon()\n");
    expect(stderr).toMatch(/^Executing <Task finished name='slow one' .* took 0\.\d+ seconds$/m);
  });

  test("debug mode tells where a callback was made", async () => {
    const { stdout } = await captured(
      python,
      `import asyncio
async def main():
    loop = asyncio.get_running_loop()
    for handle in loop.call_soon(int), loop.call_soon_threadsafe(int), loop.call_later(60, int), loop.call_at(60, int):
        print(handle._source_traceback[-1].name, end=" ")
asyncio.run(main(), debug=True)`,
    );
    expect(stdout).toBe("main main main main ");
  });

  test("an exception in a callback is told, and the loop goes on", async () => {
    const { stdout, stderr, exitCode } = await captured(
      python,
      `import asyncio
async def main():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.001)
    print("on")
asyncio.run(main())`,
    );
    expect([stdout, exitCode]).toEqual(["on\n", 0]);
    expect(stderr).toMatch(/^Exception in callback main\.<locals>\.<lambda>\(\) at <string>:3$/m);
    expect(stderr).toMatch(/ZeroDivisionError: division by zero\n$/);
  });

  test.for([false, true])("a task's error is told when nobody has the task any more; debug mode: %s", async (debug) => {
    const { stdout } = await captured(
      python,
      `import asyncio
async def fail(): raise ValueError("lost")
async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: print(context["message"]))
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    print("done", task.done())
    del task
    print("end")
asyncio.run(main(), debug=${debug ? "True" : "False"})`,
    );
    expect(stdout).toBe("done True\nTask exception was never retrieved\nend\n");
  });

  test("what is left undone at the end is told", async () => {
    const { stderr } = await captured(
      python,
      `import asyncio
async def never(): pass
async def fail(): raise ValueError("lost")
async def main():
    never()
    asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
asyncio.run(main())
loop = asyncio.new_event_loop()
task = loop.create_task(asyncio.sleep(60))
loop.run_until_complete(asyncio.sleep(0))`,
    );
    expect(stderr).toContain("RuntimeWarning: coroutine 'never' was never awaited");
    expect(stderr).toContain("Task exception was never retrieved");
    expect(stderr).toContain("ValueError: lost");
    expect(stderr).toContain("Task was destroyed but it is pending!");
  });
});
