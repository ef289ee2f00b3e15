/** What the cluster's tests call on workers. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { sleep } from "turnwise";
import { reportProgress } from "../progress.ts";

/** Leaves a line, waits, and gives twice `n`. */
export async function work(file: string, n: number, seconds: number): Promise<number> {
  appendFileSync(file, `${n}\n`);
  await sleep(seconds);
  return n * 2;
}

/** Runs until it is cancelled; says when it begins and when it ends. */
export async function stay(file: string): Promise<void> {
  appendFileSync(file, "begun\n");
  try {
    await sleep(60);
  } finally {
    await sleep(0.6); // Longer than it takes to be told again.
    appendFileSync(file, "ended\n");
  }
}

/** Waits until there is a file. */
export async function waitFor(file: string): Promise<string> {
  while (!existsSync(file)) await sleep(0.01);
  return readFileSync(file, "utf8");
}

export async function steps(count: number): Promise<string> {
  for (let i = 1; i <= count; i++) {
    reportProgress({ step: i, at: new Date(i) });
    await sleep(0.01);
  }
  return "all";
}

export function where(): string {
  return `${hostname()}:${process.pid}`;
}

/** Ends its process, as a crash would. */
export function crash(file: string): void {
  appendFileSync(file, "crash\n");
  process.kill(process.pid, "SIGKILL");
}

/** Blocks its worker's loop. */
export function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

export async function unsendableProgress(): Promise<void> {
  reportProgress({ done: () => 1 });
  await sleep(0);
}
