/** TW002: a task that never yielded. */
import type { Warning } from "../../summary.ts";
import type { Trace, TraceTask } from "../../trace.ts";
import { counted, inSeconds, inWords, listed } from "../figures.ts";
import type { ReadySteps } from "../ready.ts";
import { isIncomplete, nameOf, stepsByTask, tasksById } from "../steps.ts";

/**
 * The rule: all of the task was one step; the thread was blocked in it; it took at least the threshold; and others were
 * ready meanwhile, and had to wait for it.
 */
export function neverYielded(trace: Trace, ready: ReadySteps): Warning[] {
  const tasks = tasksById(trace);
  const blockedSteps = new Set(trace.blocked.map(({ step }) => step));
  const found: { task: TraceTask; seconds: number; waited: number }[] = [];
  for (const [id, steps] of stepsByTask(trace)) {
    const task = tasks.get(id);
    const only = steps[0]!;
    const { begin, end, then } = trace.steps[only]!;
    if (task === undefined || steps.length > 1 || then !== "done" || isIncomplete(trace, task)) continue;
    if (!blockedSteps.has(only) || end - begin < trace.program.threshold) continue;
    const waiting = ready.during(begin, end);
    if (waiting.most > 0) found.push({ task, seconds: end - begin, waited: waiting.seconds });
  }
  if (found.length === 0) return [];
  found.sort((a, b) => b.seconds - a.seconds);
  const worst = found[0]!;
  const seconds = found.reduce((sum, one) => sum + one.seconds, 0);
  const waited = found.reduce((sum, one) => sum + one.waited, 0);
  const made = worst.task.madeAt === null ? "" : `, made at ${inWords(worst.task.madeAt, trace.program.cwd)},`;
  const who =
    found.length === 1
      ? `the task ${nameOf(worst.task)}${made} ran from its start to its end in one step of ${inSeconds(seconds)}`
      : `${counted(found.length, "task")} (${listed(found.map(({ task }) => nameOf(task)))}) ran from start to end in ` +
        `one step each, for ${inSeconds(seconds)} in all, ${inSeconds(worst.seconds)} at the longest`;
  return [
    {
      code: "TW002",
      title: found.length === 1 ? "a task never yielded" : "tasks never yielded",
      message: `${who}; others were ready, and waited ${inSeconds(waited)} in all`,
      remedy:
        "an `await` gives others a turn only if it has to wait: await calls that give a promise instead of calls that " +
        "block, and put `await asyncio.sleep(0)` into long computing",
      at: worst.task.madeAt,
      tasks: found.map(({ task }) => task.id),
    },
  ];
}
