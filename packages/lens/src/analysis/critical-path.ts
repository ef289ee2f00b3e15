/** The longest chain of steps and waits: the run can't be shorter. */
import type { CriticalPath, PathSegment } from "../summary.ts";
import type { Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { Chains } from "./chains.ts";
import { nameOf, readyAt, stretchesByStep } from "./steps.ts";

/**
 * The longest chain, from its end backwards: each step leads to what it had to wait for longest, up to the start. What a
 * step waited for its turn, and what a blocked thread kept it from seeing, is "queued": it could have been less. So is
 * what others did when the longest chain was over.
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
  readonly #chains: Chains;
  /** Everything after this is covered. */
  #at: number;

  constructor(trace: Trace, causes: Causes) {
    this.#trace = trace;
    this.#causes = causes;
    this.#names = new Map(trace.tasks.map((task) => [task.id, nameOf(task)]));
    this.#at = trace.duration;
    this.#chains = new Chains(trace, causes);
  }

  walk(): void {
    const { steps } = this.#trace;
    const { from: sources, late, previous, offset } = this.#causes;
    const stretches = stretchesByStep(this.#trace);
    const { follows } = this.#chains;
    const last = lastToEnd(this.#trace);
    let index = last;
    if (last >= 0) {
      this.#outside(Math.min(steps[last]!.end, this.#at));
      index = this.#chains.longest(last);
      this.#cover("queued", steps[index]!.end, null);
    }
    // So many seconds of the step are on the path: all, unless what came next is what it did amid it.
    let reached = Infinity;
    while (index >= 0) {
      const step = steps[index]!;
      // It would have waited for what was done when it came: only what it did then is on the path.
      const passage = this.#chains.passageBefore(index, reached);
      const from = passage === undefined ? step.begin : Math.max(step.begin, passage.at);
      for (const { begin, end } of stretches.get(index)?.toReversed() ?? []) {
        this.#cover("run", Math.max(end, from), index);
        this.#cover("blocked", Math.max(begin, from), index);
      }
      this.#cover("run", from, index);
      if (passage !== undefined) {
        this.#cover("queued", passage.byAt, index);
        index = passage.by;
        reached = passage.byAt - steps[index]!.begin;
        continue;
      }
      const before = previous[index]!;
      const followed = follows[index]!;
      const next = followed >= 0 ? followed : sources[index]!;
      const since = followed >= 0 ? steps[followed]!.end : next < 0 ? 0 : steps[next]!.begin + offset[index]!;
      this.#cover("queued", followed >= 0 ? since : Math.max(since, readyAt(step) - late[index]!), index);
      // What came by itself, later than others, was waited for as well.
      const came = next < 0 && index > 0 ? steps[0]!.begin : since;
      if (next >= 0 || index > 0) this.#cover("wait", came, index, waitedFor(this.#trace, index, before));
      reached = followed >= 0 ? Infinity : offset[index]!;
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
