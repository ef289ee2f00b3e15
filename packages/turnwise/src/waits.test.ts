import * as asyncio from "turnwise";
import { expect, test } from "vitest";

/** Before Node 26 no stack in a `then` shows the `await` that called it. */
const showsAwaits = Number(process.versions.node.split(".")[0]) >= 26;

async function patient(): Promise<void> {
  await asyncio.sleep(60);
}

async function stackOf(main: () => Promise<unknown>): Promise<string> {
  const error: unknown = await asyncio.run(main).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(asyncio.CancelledError);
  return (error as Error).stack ?? "";
}

test.runIf(showsAwaits)("a cancellation's stack says where the task waited, and not who ran before", async () => {
  const stack = await stackOf(async () => {
    const task = asyncio.createTask(async function cancelled() {
      await patient();
    });
    await asyncio.sleep(0);
    task.cancel("enough");
    await task;
  });
  expect(stack).toMatch(/^CancelledError: enough\n/);
  expect(stack).toMatch(/at (async )?patient \(.*waits\.test\.ts:8:.*\n +at (async )?.*cancelled/);
  expect(stack).not.toContain("_drain");
});

test.runIf(showsAwaits)("also where the task was cancelled before it waited", async () => {
  const stack = await stackOf(async () => {
    asyncio.currentTask()?.cancel();
    await patient();
  });
  expect(stack).toMatch(/ at (async )?patient \(/);
});

test("of two who wait for a cancelled task, the first has the message", async () => {
  await asyncio.run(async () => {
    const task = asyncio.createTask(patient);
    const waits = (): Promise<string> => task.then(String, (error) => (error as Error).message);
    const both = [asyncio.createTask(waits), asyncio.createTask(waits)];
    await asyncio.sleep(0);
    await asyncio.sleep(0);
    task.cancel("enough");
    expect(await asyncio.gather(both)).toEqual(["enough", ""]);
  });
});
