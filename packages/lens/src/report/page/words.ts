/** What intervals of a lane are, in words. */
import { inUnits } from "../units.ts";
import type { Lanes } from "./lanes.ts";
import type { Run, RunBlocked } from "./run.ts";

/** What a task waits for in the gap of its lane that ends with the interval `at`. */
export function waitText(run: Run, lanes: Lanes, lane: number, at: number, isWhatIf: boolean): string {
  if (at === lanes.first(lane)) return "not begun";
  const step = lanes.step[at - 1]!;
  const isLast = at === lanes.last(lane);
  if (isWhatIf && !isLast && lanes.step[at] === step) return "ready";
  const pending = run.tasks[lane - 1]!;
  return `waits for ${(isLast && pending.waitsFor) || waitsForAfter(run, step)}`;
}

/** What a step's task waits for after it. */
export function waitsForAfter({ steps }: Run, step: number): string {
  const on = steps.on(step);
  if (on !== "") return on;
  switch (steps.then(step)) {
    case "foreign":
      return "a promise that is not Turnwise’s";
    case "turn":
      return "its next turn";
    case "wait":
      return "something";
    case "done":
      return "nothing: it is done";
  }
}

/** Whose step it is. */
export function nameOf(run: Run, step: number): string {
  const task = run.steps.task[step]!;
  return task < 0 ? run.steps.callback(step) || "a callback" : run.tasks[task]!.name;
}

export function blockedText(stretch: RunBlocked): string {
  const called = stretch.called === "" ? "" : ` in ${stretch.called}`;
  return `blocked ${inUnits(stretch.end - stretch.begin)}${called}`;
}
