import { expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { TimeoutError } from "./exceptions.ts";
import { sleep } from "./sleep.ts";
import { runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";

/** A resource whose clean-up fails. */
async function withFailingCleanUp(): Promise<void> {
  await using _ = {
    async [Symbol.asyncDispose](): Promise<void> {
      throw new Error("clean-up failed");
    },
  };
  await sleep(60);
}

test("a clean-up that fails does not hide that the task was cancelled", () =>
  runVirtual(async () => {
    const task = createTask(withFailingCleanUp);
    await sleep(1);
    task.cancel();
    await sleep(1);
    expect(task.cancelled()).toBe(true);
  }));

test("nor that the time was up", () =>
  runVirtual(async () => {
    await expect(timeout(1, withFailingCleanUp)).rejects.toThrow(TimeoutError);
  }));
