/**
 * What makes each step ready, as the replay and the critical path see it: so many seconds after a moment of an earlier
 * step. Every such link leads to an earlier step, so that no trace, however broken, leads in a circle.
 */
import type { Trace } from "../trace.ts";
import { LateArrivals } from "./late-arrivals.ts";
import { LateEvents, SEEN_AT_ONCE } from "./outside.ts";
import { countBefore } from "./sorted.ts";
import { isShared, previousSteps, readyAt } from "./steps.ts";

/** What step i waits for: columns of numbers, for traces of a million steps. */
export interface Causes {
  /** The step from which the time counts; -1: from the start of the recording. Always less than i. */
  readonly from: Int32Array;
  /** The moment in that step, in seconds since its begin; never more than it took. */
  readonly offset: Float64Array;
  /** From there to where step i is ready: a timer, or something outside. Never negative. */
  readonly delay: Float64Array;
  /** How much of the recorded wait is not in `delay`, since it may only have been seen late. */
  readonly late: Float64Array;
  /** 1 for what was woken through the callbacks of what ended: news that queue as well. Their wait is all in `late`. */
  readonly isRelayed: Uint8Array;
  /** The step before it of the same task, or -1: no task runs twice at a time. */
  readonly previous: Int32Array;
  /** More steps that must have ended, for steps that join several tasks. */
  readonly joins: ReadonlyMap<number, readonly number[]>;
}

export function causesOf(trace: Trace): Causes {
  const { steps } = trace;
  const count = steps.length;
  const previous = previousSteps(trace);
  const from = new Int32Array(count).fill(-1);
  const offset = new Float64Array(count);
  const delay = new Float64Array(count);
  const late = new Float64Array(count);
  const isRelayed = new Uint8Array(count);
  const events = new LateEvents(trace, previous);
  const roots = new Roots(trace);
  const arrivals = new LateArrivals(trace, previous);

  steps.forEach((step, index) => {
    const ready = readyAt(step);
    const before = previous[index]!;
    const by = step.by >= 0 && step.by < index ? step.by : -1;
    const byItself = step.cause === "turn" || (step.cause === "outside" && before >= 0);
    const source = byItself || by < 0 ? before : by;
    if (source >= 0) {
      const { begin, end } = steps[source]!;
      const moment = source !== by ? end : step.cause === "timer" ? step.timerSet : ready;
      from[index] = source;
      offset[index] = Math.max(0, Math.min(moment - begin, end - begin));
      if (step.cause === "woken" && source === by && ready > end) {
        isRelayed[index] = 1;
        late[index] = ready - end;
      }
      if (step.cause === "outside" && source === before) late[index] = events.lateness(end, ready);
    } else {
      const arrival = roots.isLast(ready) ? undefined : arrivals.of(ready);
      const root = Math.min(arrival?.from ?? roots.of(ready), index - 1);
      from[index] = root;
      late[index] = arrival?.late ?? 0;
      if (root >= 0) offset[index] = Math.max(0, steps[root]!.end - steps[root]!.begin);
    }
    const since = from[index]! < 0 ? 0 : steps[from[index]!]!.begin + offset[index]!;
    delay[index] = Math.max(0, ready - since - late[index]!);
  });
  return { from, offset, delay, late, isRelayed, previous, joins: joinsOf(trace, previous) };
}

/**
 * Where the time of a step counts from that nothing known made ready: a program that runs one loop after another, a
 * request that comes in. It follows the step before it if it came right after, or if no task was left by then. Else it
 * came from outside, and when it came does not depend on what the loop did.
 */
class Roots {
  /** The end of every step and of all before it: never falls. */
  readonly #ends: Float64Array;
  readonly #made: Float64Array;
  readonly #done: Float64Array;

  constructor(trace: Trace) {
    let latest = 0;
    this.#ends = Float64Array.from(trace.steps, ({ end }) => (latest = Math.max(latest, end)));
    this.#made = Float64Array.from(trace.tasks, ({ made }) => made).sort();
    this.#done = Float64Array.from(trace.tasks, ({ done }) => done ?? Infinity).sort();
  }

  of(ready: number): number {
    const last = countBefore(this.#ends, ready, true) - 1;
    return this.isLast(ready) || (last >= 0 && ready - this.#ends[last]! <= SEEN_AT_ONCE) ? last : -1;
  }

  /** Whether all tasks that there were by then were done: the program goes on with something new. */
  isLast(ready: number): boolean {
    const last = countBefore(this.#ends, ready, true) - 1;
    if (last < 0) return false;
    return countBefore(this.#made, this.#ends[last]!, true) <= countBefore(this.#done, ready, true);
  }
}

/**
 * A task that waits for several others goes on when the last of them is done. The trace names the last: had things
 * gone otherwise, it might have been another. So where a child's end wakes its parent, which did not wait for that one
 * alone, the parent waits for all its children that were done meanwhile.
 */
function joinsOf(trace: Trace, previous: Int32Array): Map<number, number[]> {
  const { steps } = trace;
  const parents = new Map(trace.tasks.map(({ id, parent }) => [id, parent]));
  /** The last steps of the children of each task, in order. */
  const ends = new Map<number, number[]>();
  const joins = new Map<number, number[]>();
  const left: number[] = [];
  steps.forEach((step, index) => {
    if (step.task === null) return;
    if (step.cause === "woken" && waitsForSeveral(steps[previous[index]!])) {
      const children = ends.get(step.task);
      const waker = wakerOf(trace, index);
      const { task } = steps[waker] ?? {};
      if (children !== undefined && task != null && parents.get(task) === step.task) {
        const { end, on } = steps[previous[index]!]!;
        // A group waits also for those that were done before its body was.
        const since = on.startsWith("TaskGroup") ? -Infinity : end;
        const joined: number[] = [];
        while (children.length > 0 && steps[children.at(-1)!]!.end >= since) {
          const child = children.pop()!;
          // Whoever was done after it did not matter: the parent waited for the first of several, as `asCompleted` does.
          if (child <= waker) joined.push(child);
          else left.push(child);
        }
        children.push(...left.splice(0).reverse());
        joins.set(index, joined);
      }
    }
    const parent = parents.get(step.task) ?? null;
    if (step.then !== "done" || parent === null) return;
    const siblings = ends.get(parent);
    if (siblings === undefined) ends.set(parent, [index]);
    else siblings.push(index);
  });
  return joins;
}

function waitsForSeveral(step: Trace["steps"][number] | undefined): boolean {
  return step !== undefined && step.then === "wait" && step.onTask === null && !isShared(step.on);
}

/** The last step of the task whose end woke the step, also through callbacks of its end. -1 if it was none's end. */
function wakerOf(trace: Trace, index: number): number {
  for (let at = trace.steps[index]!.by, next; at >= 0 && at < index; index = at, at = next) {
    const step = trace.steps[at]!;
    if (step.task !== null) return step.then === "done" ? at : -1;
    next = step.by;
  }
  return -1;
}
