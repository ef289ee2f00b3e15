/** `StepLinks`: how the steps of a trace hang together, each as an index, and when what they lead to came about. */
import type { Trace } from "../../../../lens/src/trace.ts";

export class StepLinks {
  /** An index into the tasks; -1 for a callback. */
  readonly task: Int32Array;
  /** The step of the same task before, and the one after; -1 for none. */
  readonly previous: Int32Array;
  readonly next: Int32Array;
  /** The first step of each task; -1 for none. */
  readonly firstOf: Int32Array;
  /** A step was ready from this time on, and once this step had begun. */
  readonly readyTime: Float64Array;
  readonly readyAfter: Int32Array;
  /** The same for the end of the wait after a step; where nobody waits, when the step begins. */
  readonly wokenTime: Float64Array;
  readonly wokenAfter: Int32Array;

  constructor({ steps, tasks }: Trace) {
    const count = steps.length;
    const indexOf = new Map(tasks.map(({ id }, index) => [id, index]));
    [this.task, this.previous, this.next] = [filled(count), filled(count), filled(count)];
    this.firstOf = filled(tasks.length);
    const latest = filled(tasks.length);
    [this.readyTime, this.readyAfter] = [new Float64Array(count), new Int32Array(count)];
    [this.wokenTime, this.wokenAfter] = [new Float64Array(count), new Int32Array(count)];

    for (let step = 0; step < count; step++) {
      const { task: id, by, begin, ready } = steps[step]!;
      const task = id === null ? -1 : (indexOf.get(id) ?? -1);
      this.task[step] = task;
      if (task >= 0) {
        const previous = latest[task]!;
        if (previous < 0) this.firstOf[task] = step;
        else [this.previous[step], this.next[previous]] = [previous, step];
        latest[task] = step;
      }
      // Nothing becomes ready before the step that makes it so; a trace that says otherwise must not break the index.
      const after = Math.max(by < step ? by : -1, this.previous[step]!);
      this.readyAfter[step] = after;
      this.readyTime[step] = Math.min(begin, Math.max(ready, after < 0 ? -Infinity : steps[after]!.begin));
    }
    for (let step = 0; step < count; step++) {
      const next = this.next[step]!;
      const waits = this.task[step]! >= 0 && (next >= 0 || steps[step]!.then !== "done");
      if (waits && next >= 0) {
        this.wokenTime[step] = this.readyTime[next]!;
        this.wokenAfter[step] = this.readyAfter[next]!;
      } else {
        const { begin } = steps[step]!;
        const over = waits ? (tasks[this.task[step]!]!.done ?? Infinity) : begin;
        this.wokenTime[step] = Math.max(begin, over);
        this.wokenAfter[step] = step;
      }
    }
  }
}

function filled(length: number): Int32Array {
  return new Int32Array(length).fill(-1);
}
