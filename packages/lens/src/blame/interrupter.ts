/**
 * The worker thread that interrupts the main thread: it asks the inspector to call a function there, again and again.
 * V8 serves that within a fraction of a millisecond while JavaScript runs, on top of the interrupted stack. It is plain
 * code without imports of ours, since it runs in a thread of its own, and must start fast.
 */
import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { workerData } from "node:worker_threads";
import type { InterrupterData } from "./interrupts.ts";

const { hook, interval, idleInterval, pid, shared, times, capacity } = workerData as InterrupterData;
const control = new Int32Array(shared);
const readings = new Float64Array(times);

const session = new Session();
session.connectToMainThread();
let asked = 0;
let schedstat = true;

/** Seconds of the clock that all threads share. */
function clock(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** How long the main thread had a processor, and how long it waited for one: Linux tells it of any thread. */
function readTimes(): void {
  if (!schedstat) return;
  try {
    const [ran, waited] = readFileSync(`/proc/self/task/${pid}/schedstat`, "latin1").split(" ", 2);
    const count = Atomics.load(control, 1);
    const at = (count % capacity) * 3;
    readings[at] = clock();
    readings[at + 1] = Number(ran) / 1e9;
    readings[at + 2] = Number(waited) / 1e9;
    Atomics.store(control, 1, count + 1);
  } catch {
    schedstat = false;
    Atomics.store(control, 2, 1);
  }
}

function ask(): void {
  asked = clock();
  readTimes();
  session.post(
    "Runtime.evaluate",
    { expression: `globalThis[Symbol.for(${JSON.stringify(hook)})]?.(${asked})`, returnByValue: true, silent: true },
    (error, answer) => {
      asked = 0;
      const pause = error === null ? answer.result.value : undefined;
      if (typeof pause !== "number") return session.disconnect(); // The watch has been stopped.
      readTimes();
      setTimeout(ask, pause === 0 ? idleInterval : pause);
    },
  );
}

/** While the main thread doesn't answer, its times are all that can be had. The longer that takes, the rarer. */
function watchSilence(): void {
  const silent = asked === 0 ? 0 : clock() - asked;
  if (silent > 0) readTimes();
  setTimeout(watchSilence, Math.max(interval, silent * 10));
}

ask();
watchSilence();
Atomics.store(control, 0, 1);
Atomics.notify(control, 0);
