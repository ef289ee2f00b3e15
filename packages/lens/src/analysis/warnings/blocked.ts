/** TW001: the loop was blocked. One warning for each line that is to blame. */
import type { BlockedLine, Warning } from "../../summary.ts";
import type { Trace } from "../../trace.ts";
import { counted, inSeconds, inWords, listed, times } from "../figures.ts";
import { nameOf } from "../steps.ts";
import { remedyFor } from "./remedies.ts";

export function blockedLoop(trace: Trace, lines: readonly BlockedLine[]): Warning[] {
  const ids = Map.groupBy(trace.tasks, nameOf);
  return lines.map((line) => ({
    code: "TW001",
    title: "the loop was blocked",
    message: sentence(line, trace.program.cwd),
    remedy: remedyFor(line),
    at: line.blame,
    tasks: line.tasks.flatMap((name) => (ids.get(name) ?? []).map(({ id }) => id)),
  }));
}

function sentence(line: BlockedLine, cwd: string): string {
  const { blame, called, seconds, longest, ready, tasks } = line;
  const where = blame === null ? "code whose place is not known" : inWords(blame, cwd);
  let text = `${where} blocked the loop for ${inSeconds(seconds)}`;
  if (line.times > 1) text += `, ${times(line.times)}, ${inSeconds(longest)} at the longest`;
  if (called !== null) text += `, in ${called}`;
  if (tasks.length > 0) text += `, ${tasks.length === 1 ? "as the task" : "as the tasks"} ${listed(tasks)}`;
  if (ready.most > 0) {
    text += `; ${waitingMeanwhile(ready)}`;
  }
  return text;
}

/** "up to 3 steps were ready meanwhile, and waited 2.00 s in all". */
export function waitingMeanwhile(ready: BlockedLine["ready"]): string {
  if (ready.most === 1) return `a step was ready meanwhile, and waited ${inSeconds(ready.seconds)}`;
  return `up to ${counted(ready.most, "step")} were ready meanwhile, and waited ${inSeconds(ready.seconds)} in all`;
}
