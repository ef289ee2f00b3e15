// Real time: it is what is measured.
import { setImmediate as hostTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTask } from "./coroutines.ts";
import { run } from "./runners.ts";
import { getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";

let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => vi.restoreAllMocks());

function block(seconds: number): void {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end);
}

/** Runs `body` as a task in debug mode, where 50 ms are slow. */
async function inDebugMode(body: () => Promise<void>): Promise<void> {
  await run(
    async () => {
      getRunningLoop().slowCallbackDuration = 0.05;
      await createTask(body, { name: "worker" });
    },
    { debug: true },
  );
}

test("a slow step is reported, with its task and how long it took", async () => {
  await inDebugMode(async () => {
    await sleep(0);
    block(0.08);
    await sleep(0);
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^Executing <Task .*name='worker'.*> took 0\.\d{3} seconds$/);
});

test("so is what a task does after a promise that is not Turnwise's", async () => {
  await inDebugMode(async () => {
    await hostTurn();
    block(0.08);
    await sleep(0);
    await hostTurn();
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^Executing <Task .*name='worker'.*> took 0\.\d{3} seconds$/);
});

test("once the loop is closed nobody looks any more", async () => {
  await inDebugMode(async () => {});
  await hostTurn();
  block(0.08);
  await hostTurn();
  expect(warnings).toEqual([]);
});
