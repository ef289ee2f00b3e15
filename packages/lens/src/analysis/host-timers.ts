/**
 * The timers of Node's own that a task set. The trace knows when what they woke was seen; while the thread was blocked
 * that may have been late. But of a timer it is known when it was due.
 */
import type { BlockedStretch, Trace, TraceStep } from "../trace.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { countBefore } from "./sorted.ts";
import { previousSteps } from "./steps.ts";

/** A timer of Node's, on the trace's clock. */
export interface HostTimer {
  /** The task whose code set it. */
  readonly task: number;
  readonly made: number;
  readonly due: number;
}

export class HostTimers {
  /** By task, in the order in which they were due. */
  readonly #timers = new Map<number, { readonly timers: HostTimer[]; readonly dues: Float64Array }>();
  readonly #busy: BusyTime;

  constructor(timers: readonly HostTimer[], blocked: readonly BlockedStretch[]) {
    this.#busy = new BusyTime(blocked);
    for (const [task, own] of Map.groupBy(timers, ({ task }) => task)) {
      own.sort((a, b) => a.due - b.due);
      this.#timers.set(task, { timers: own, dues: Float64Array.from(own, ({ due }) => due) });
    }
  }

  *[Symbol.iterator](): Iterator<HostTimer> {
    for (const { timers } of this.#timers.values()) yield* timers;
  }

  /**
   * The timer that woke the task, which waited since `since` and ran on at `time`: if one was due meanwhile that could
   * not be heard before, since the thread was blocked.
   */
  late(task: number, since: number, time: number): HostTimer | undefined {
    const own = this.#timers.get(task);
    const timer = own?.timers[countBefore(own.dues, time, true) - 1];
    if (timer === undefined || timer.due <= since) return undefined;
    const busy = this.#busy.between(timer.due, time);
    return busy > 0 && time - timer.due - busy <= SEEN_AT_ONCE ? timer : undefined;
  }

  /** Says of the steps that such a timer woke that it did. */
  asCauses(trace: Trace): Trace {
    if (this.#timers.size === 0) return trace;
    const previous = previousSteps(trace);
    const steps = trace.steps.map((step, index): TraceStep => {
      const by = previous[index]!;
      if (step.task === null || step.cause !== "outside" || by < 0) return step;
      const timer = this.late(step.task, trace.steps[by]!.end, step.begin);
      return timer === undefined ? step : { ...step, cause: "timer", by, timerSet: timer.made, timerWhen: timer.due };
    });
    return { ...trace, steps };
  }
}

/** For how long the thread was blocked, up to each moment. */
class BusyTime {
  readonly #stretches: readonly BlockedStretch[];
  readonly #ends: Float64Array;
  /** Before the stretch of that index. */
  readonly #sums: Float64Array;

  constructor(stretches: readonly BlockedStretch[]) {
    this.#stretches = stretches;
    this.#ends = Float64Array.from(stretches, ({ end }) => end);
    this.#sums = new Float64Array(stretches.length + 1);
    stretches.forEach(({ begin, end }, index) => (this.#sums[index + 1] = this.#sums[index]! + (end - begin)));
  }

  between(from: number, to: number): number {
    return this.#until(to) - this.#until(from);
  }

  #until(time: number): number {
    const over = countBefore(this.#ends, time, true);
    return this.#sums[over]! + Math.max(0, time - (this.#stretches[over]?.begin ?? Infinity));
  }
}
