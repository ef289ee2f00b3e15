/**
 * The worker thread that interrupts the main thread: it asks the inspector to call a function there, again and again.
 * V8 serves that within a fraction of a millisecond while JavaScript runs, on top of the interrupted stack.
 */
import { Session } from "node:inspector";
import { workerData } from "node:worker_threads";
import { readSchedstat } from "./thread-times.ts";
import { ReadingsRing, type InterrupterData } from "./interrupter-data.ts";

const { hook, interval, idleInterval, ready, ring } = workerData as InterrupterData;
const readings = new ReadingsRing(ring);

const session = new Session();
session.connectToMainThread();
/** When the interrupt that has not been answered was asked for; 0 if there is none. */
let asked = 0;

/** Seconds of the clock that all threads share. */
function clock(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

function readTimes(): void {
  const reading = readSchedstat(clock());
  if (reading !== null) readings.add(reading);
}

function ask(): void {
  readTimes();
  asked = clock();
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
Atomics.store(new Int32Array(ready), 0, 1);
Atomics.notify(new Int32Array(ready), 0);
