/** What the run would have taken had each blocking call let others run. */
import type { PredictedStep, Prediction } from "../summary.ts";
import type { Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { counted, inSeconds } from "./figures.ts";
import { replay } from "./replay.ts";

export function predict(trace: Trace, causes: Causes): Prediction {
  if (trace.blocked.length === 0 || trace.steps.length === 0) {
    return { ...blockedTime(trace), seconds: trace.duration, steps: asRecorded(trace), notes: notesFor(trace, causes) };
  }
  const { steps, seconds } = replay(trace, causes);
  const notes = notesFor(trace, causes);
  if (trace.tasks.length > 1 && trace.steps.some(({ on }) => /Queue \d+$/.test(on))) {
    notes.push(
      "which task took which item of a queue is as recorded: had others run, another task might have been there first",
    );
  }
  if (blocksInFork(trace)) {
    notes.push(
      "what one task began without awaiting it (`Promise.all`) is replayed as if each part awaited the one before",
    );
  }
  if (seconds <= trace.duration) return { ...blockedTime(trace), seconds, steps, notes };
  // Letting others run can make a run longer: its slowest chain may have to queue behind them.
  const longer = seconds - trace.duration;
  if (longer > 0.001) {
    notes.push(
      `replayed, the run takes ${inSeconds(longer)} longer, since others queue before its longest chain: ` +
        "it is shown as it was",
    );
  }
  return { ...blockedTime(trace), seconds: trace.duration, steps: asRecorded(trace), notes };
}

/** Whether a task was blocked that also waited for several things of its own at once. */
function blocksInFork({ blocked, steps }: Trace): boolean {
  const tasks = new Set(blocked.map(({ step }) => (step === null ? null : (steps[step]?.task ?? null))));
  return steps.some(
    ({ task, then, on, onTask }) => task !== null && tasks.has(task) && then === "wait" && on === "" && onTask === null,
  );
}

function asRecorded(trace: Trace): PredictedStep[] {
  return trace.steps.map(({ begin, end }, step) => ({ step, begin, end, where: "run" }));
}

function blockedTime(trace: Trace): { yielded: number; inWorker: number } {
  let yielded = 0;
  let inWorker = 0;
  for (const { begin, end, kind, step } of trace.blocked) {
    if (step === null) continue;
    if (kind === "cpu") inWorker += end - begin;
    else yielded += end - begin;
  }
  return { yielded, inWorker };
}

/** What the model leaves out. */
function notesFor(trace: Trace, causes: Causes): string[] {
  const { blocked, steps, program, dropped } = trace;
  if (blocked.length === 0) return [];
  const notes: string[] = [];
  const { inWorker } = blockedTime(trace);
  if (inWorker > 0) {
    notes.push(
      `${inSeconds(inWorker)} of the blocked time was computing, which no waiting can overlap on one thread: the ` +
        `replay does it in a worker, ${counted(Math.max(1, program.cores), "worker")} at most at a time, and leaves ` +
        "out what it costs to hand over the data",
    );
  }
  const outside = blocked
    .filter(({ step, begin }) => step === null && begin >= dropped.completeFrom)
    .reduce((sum, { begin, end }) => sum + (end - begin), 0);
  if (outside > 0 && steps.length === 0) {
    notes.push("nothing ran on Turnwise's loop, so what waited for what is not known: the run is shown as it was");
  } else if (outside > 0) {
    notes.push(
      `${inSeconds(outside)} were blocked outside of the loop's steps, where what waited for what is not known: ` +
        "that code keeps its time, and only steps that were ready run meanwhile",
    );
  }
  if (causes.late.some((seconds, index) => seconds > 0 && causes.isRelayed[index] === 0)) {
    notes.push(
      "what came from outside while the thread was blocked was only seen afterwards: it is taken to have come at the " +
        "earliest moment that the trace allows",
    );
  }
  if (dropped.steps > 0) {
    notes.push(
      `${counted(dropped.steps, "step")} before ${inSeconds(dropped.completeFrom)} were dropped: ` +
        "what was blocked in them is not replayed",
    );
  }
  if (dropped.passages > 0) {
    notes.push(
      `${counted(dropped.passages, "older note")} of who took or passed a lock, an event or a future were dropped: ` +
        "what waited for them early in the run is replayed as it was",
    );
  }
  return notes;
}
