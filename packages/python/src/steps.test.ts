/** A task's steps, which take a shorter way through the loop than other callbacks. */
import { beforeAll, expect, test } from "vitest";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import { captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

test("a step that can't run goes to the exception handler, and the loop goes on", async () => {
  const { stdout, stderr } = await captured(
    python,
    `
import asyncio
loop = asyncio.new_event_loop()
async def nothing():
    pass
def handler(_, context):
    if "exception" in context:
        print(context["message"][:21], "|", str(context["exception"])[:17])
loop.set_exception_handler(handler)
other = asyncio.Task(nothing(), loop=loop)
loop.call_soon(asyncio.tasks._enter_task, loop, other)
never = nothing()
task = loop.create_task(never)
loop.call_soon(asyncio.tasks._leave_task, loop, other)
loop.call_soon(print, "goes on")
loop.call_soon(loop.stop)
loop.run_forever()
never.close()
loop.close()`,
  );
  const failed = "Exception in callback | Cannot enter into";
  expect([stderr, stdout]).toEqual(["", `${failed}\ngoes on\n`]);
});

test("a task that takes turns with others by sleep(0) keeps its place among what it adds itself", async () => {
  const { stdout } = await captured(
    python,
    `
import asyncio
log = []
async def turn(name):
    for number in range(3):
        asyncio.get_running_loop().call_soon(log.append, f"after {name}{number}")
        log.append(f"{name}{number}")
        await asyncio.sleep(0)
async def main():
    await asyncio.gather(turn("a"), turn("b"))
    print(*log, sep=", ")
asyncio.run(main())`,
  );
  expect(stdout).toBe("a0, b0, after a0, a1, after b0, b1, after a1, a2, after b1, b2, after a2, after b2\n"); // CPython's.
});
