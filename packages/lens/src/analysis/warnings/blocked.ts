/** TW001: the loop was blocked. One warning for each line that is to blame. */
import type { BlockedLine, Warning } from "../../summary.ts";
import type { BlockedStretch, Trace } from "../../trace.ts";
import { keyOf } from "../blocked-lines.ts";
import { counted, inSeconds, inWords, listed, times } from "../figures.ts";
import { nameOf } from "../steps.ts";
import { remedyFor } from "./remedies.ts";

export function blockedLoop(trace: Trace, lines: readonly BlockedLine[]): Warning[] {
  const ids = Map.groupBy(trace.tasks, nameOf);
  const blamed = linesToBlame(trace);
  const guilty = lines.filter((line) => blamed.has(keyOf(line)));
  return guilty.map((line) => ({
    code: "TW001",
    title: "the loop was blocked",
    message: sentence(line, trace.program.cwd),
    remedy: remedyFor(line),
    at: line.blame,
    tasks: line.tasks.flatMap((name) => (ids.get(name) ?? []).map(({ id }) => id)),
  }));
}

/**
 * Where one line alone kept the thread for too long, those that took little of the same step are not to blame: the step
 * would not have been noticed for them. Where none did, all are.
 */
function linesToBlame(trace: Trace): Set<string> {
  const blamed = new Set<string>();
  for (const stretches of together(trace.blocked)) {
    const taken = Map.groupBy(stretches, keyOf);
    const long = [...taken].filter(([, own]) => length(own) >= trace.program.threshold);
    for (const [key] of long.length > 0 ? long : taken) blamed.add(key);
  }
  return blamed;
}

/** The stretches of one step each, or those that follow each other outside of steps. */
function together(blocked: readonly BlockedStretch[]): BlockedStretch[][] {
  const groups: BlockedStretch[][] = [];
  for (const stretch of blocked) {
    const last = groups.at(-1)?.at(-1);
    const isSame = last?.step === stretch.step && (stretch.step !== null || stretch.begin - last.end < 0.001);
    if (isSame) groups.at(-1)!.push(stretch);
    else groups.push([stretch]);
  }
  return groups;
}

function length(stretches: readonly BlockedStretch[]): number {
  return stretches.reduce((sum, { begin, end }) => sum + (end - begin), 0);
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
