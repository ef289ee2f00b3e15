/** What was blocked, by the line that is to blame. */
import type { BlockedLine, Summary } from "../summary.ts";
import type { BlockedStretch, Trace } from "../trace.ts";
import type { ReadySteps } from "./ready.ts";
import { nameOf, tasksById } from "./steps.ts";

type Open = { -readonly [K in keyof BlockedLine]: BlockedLine[K] };

export function blockedTime(trace: Trace, ready: ReadySteps): Summary["blocked"] {
  const tasks = tasksById(trace);
  const lines = new Map<string, { line: Open; names: Set<string>; computed: number }>();
  let inAll = 0;
  for (const stretch of trace.blocked) {
    const seconds = stretch.end - stretch.begin;
    inAll += seconds;
    const key = keyOf(stretch);
    let entry = lines.get(key);
    if (entry === undefined) {
      entry = { line: emptyLine(stretch), names: new Set(), computed: 0 };
      lines.set(key, entry);
    }
    const { line, names } = entry;
    // Who waited then is not known any more: some of those steps were dropped.
    const isDropped = stretch.begin < trace.dropped.completeFrom;
    const waiting = isDropped ? { most: 0, seconds: 0 } : ready.during(stretch.begin, stretch.end);
    line.seconds += seconds;
    if (stretch.kind === "cpu") entry.computed += seconds;
    line.times++;
    line.longest = Math.max(line.longest, seconds);
    line.ready = { most: Math.max(line.ready.most, waiting.most), seconds: line.ready.seconds + waiting.seconds };
    line.source ??= stretch.source;
    const task = stretch.task === null ? undefined : tasks.get(stretch.task);
    if (task !== undefined) names.add(nameOf(task));
  }
  return {
    seconds: inAll,
    stretches: trace.blocked.length,
    lines: [...lines.values()]
      .map(({ line, names, computed }) => ({
        ...line,
        kind: computed >= line.seconds / 2 ? ("cpu" as const) : ("waiting" as const),
        tasks: [...names],
      }))
      .sort((a, b) => b.seconds - a.seconds),
  };
}

/**
 * What is one line to a reader. The column is left out: calls in one line are told apart by what they call. So is the
 * kind: the thread of a busy machine may seem to wait, now and then, in code that computes.
 */
export function keyOf({ blame, called }: Pick<BlockedStretch, "blame" | "called">): string {
  return JSON.stringify([blame?.file, blame?.line, blame?.function, called]);
}

function emptyLine({ blame, called, kind, source }: BlockedStretch): Open {
  const ready = { most: 0, seconds: 0 };
  return { blame, called, kind, seconds: 0, times: 0, longest: 0, tasks: [], ready, source };
}
