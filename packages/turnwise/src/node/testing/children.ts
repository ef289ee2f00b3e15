/** Child processes for tests: that nothing is left of them, and what the system says of a process. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { expect } from "vitest";
import { getRunningLoop } from "../../running.ts";
import { run } from "../../runners.ts";
import { sleep } from "../../sleep.ts";
import { openOn } from "../resources.ts";

/** Runs `main`, and checks that nothing is left open on its loop, and no child is left of this process. */
export async function leavesNothing<T>(main: () => Promise<T>): Promise<T> {
  const result = await run(async () => {
    const given = await main();
    // Of a process that was waited for, the end of its pipes has yet to be told.
    for (let turn = 0; turn < 100 && openOn(getRunningLoop()).size > 0; turn++) await sleep(0.01);
    expect([...openOn(getRunningLoop())].map(String)).toEqual([]);
    return given;
  });
  expect(children()).toEqual([]);
  return result;
}

/** The children of this process, zombies too. */
export function children(): string[] {
  const all = (read(`${process.pid}/task/${process.pid}/children`) ?? "").trim().split(" ");
  return all.filter((pid) => pid !== "" && !isRunners(pid)).map((pid) => `${pid}: ${stateOf(Number(pid))}`);
}

/** Whether it belongs to the test runner. */
function isRunners(pid: string): boolean {
  return read(`${pid}/cmdline`)?.includes("esbuild") === true;
}

/** The state of a process as the system calls it: "Z" for a zombie; null if there is none. */
export function stateOf(pid: number): string | null {
  return /\) (\w)/.exec(read(`${pid}/stat`) ?? "")?.[1] ?? null;
}

export function runs(pid: number): boolean {
  return ![null, "Z"].includes(stateOf(pid));
}

/** Waits until a process that is not our child has ended. */
export async function untilGone(pid: number): Promise<void> {
  while (runs(pid)) await sleep(0.01);
}

function read(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return null;
  }
}
