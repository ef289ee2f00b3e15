/** The chain of steps and waits that the run can't be shorter than. */
import type { CriticalPath, PathSegment } from "../summary.ts";
import type { Passage, Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { nameOf, readyAt, stretchesByStep } from "./steps.ts";

/**
 * From the end backwards: each step leads to what made it ready, up to the start. What a step waited for its turn, and
 * what a blocked thread kept it from seeing, is "queued": it could have been less.
 */
export function criticalPath(trace: Trace, causes: Causes): CriticalPath {
  const path = new Backwards(trace, causes);
  path.walk();
  const segments = path.segments.reverse();
  const seconds = segments.reduce((sum, { kind, begin, end }) => (kind === "queued" ? sum : sum + (end - begin)), 0);
  return { seconds, segments };
}

class Backwards {
  /** Last to first. */
  readonly segments: PathSegment[] = [];
  readonly #trace: Trace;
  readonly #causes: Causes;
  readonly #names: ReadonlyMap<number, string>;
  /** For a step, the last to come about of what it found done. */
  readonly #passed: ReadonlyMap<number, Passage>;
  /** Everything after this is covered. */
  #at: number;

  constructor(trace: Trace, causes: Causes) {
    this.#trace = trace;
    this.#causes = causes;
    this.#names = new Map(trace.tasks.map((task) => [task.id, nameOf(task)]));
    this.#at = trace.duration;
    const passed = trace.passages.filter(({ kind, by }) => kind === "passed" && by >= 0);
    this.#passed = new Map(passed.sort((a, b) => a.byAt - b.byAt).map((passage) => [passage.step, passage]));
  }

  walk(): void {
    const { steps } = this.#trace;
    const { from, late, previous, offset } = this.#causes;
    const stretches = stretchesByStep(this.#trace);
    let index = lastToEnd(this.#trace);
    if (index >= 0) this.#outside(Math.min(steps[index]!.end, this.#at));
    while (index >= 0) {
      const step = steps[index]!;
      for (const { begin, end } of stretches.get(index)?.toReversed() ?? []) {
        this.#cover("run", end, index);
        this.#cover("blocked", begin, index);
      }
      this.#cover("run", step.begin, index);
      const before = previous[index]!;
      const ready = readyAt(step);
      // It would have waited for what was done when it came: it stood in the queue only because that ran before.
      const passed = this.#passed.get(index);
      if (passed !== undefined && passed.by < index && passed.byAt > ready) {
        this.#cover("queued", passed.byAt, index);
        index = passed.by;
        continue;
      }
      // Woken while it ran: it could not go on before it had waited at all.
      const isOwn = before >= 0 && steps[before]!.end > ready;
      const next = isOwn ? before : from[index]!;
      const since = isOwn ? steps[before]!.end : next < 0 ? 0 : steps[next]!.begin + offset[index]!;
      this.#cover("queued", Math.max(since, ready - late[index]!), index);
      // What came by itself, later than others, was waited for as well.
      const came = next < 0 && index > 0 ? steps[0]!.begin : since;
      if (next >= 0 || index > 0) this.#cover("wait", came, index, waitedFor(this.#trace, index, before));
      index = next;
    }
    const { dropped } = this.#trace;
    if (dropped.steps > 0) this.#cover("wait", 0, null, "steps that were dropped");
    this.#outside(0);
  }

  /** Down to `begin`, if that is not covered yet. */
  #cover(kind: PathSegment["kind"], begin: number, index: number | null, on = ""): void {
    if (begin >= this.#at) return;
    const task = index === null ? null : (this.#trace.steps[index]?.task ?? null);
    const step = kind === "wait" ? null : index;
    const name = task === null ? "" : (this.#names.get(task) ?? "");
    this.segments.push({ kind, begin, end: this.#at, task, name, step, on });
    this.#at = begin;
  }

  /** Code outside of steps: the program's start, or what it did after its loop. */
  #outside(begin: number): void {
    for (const stretch of this.#trace.blocked.toReversed()) {
      if (this.#at <= begin) return;
      if (stretch.step !== null || stretch.begin >= this.#at) continue;
      if (stretch.end <= begin) break;
      this.#cover("run", Math.max(begin, stretch.end), null);
      this.#cover("blocked", Math.max(begin, stretch.begin), null);
    }
    this.#cover("run", begin, null);
  }
}

function lastToEnd({ steps }: Trace): number {
  let last = -1;
  for (let index = 0; index < steps.length; index++) {
    if (last < 0 || steps[index]!.end >= steps[last]!.end) last = index;
  }
  return last;
}

function waitedFor({ steps }: Trace, index: number, before: number): string {
  const { cause } = steps[index]!;
  const on = steps[before]?.on ?? "";
  if (on !== "") return on;
  if (steps[before]?.then === "foreign") return "a promise that is not Turnwise's";
  if (cause === "timer") return "a timer";
  return cause === "turn" ? "its next turn" : "something outside the loop";
}
