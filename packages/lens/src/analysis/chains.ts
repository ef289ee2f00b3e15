/** For each step, what it had to wait for longest: the links of the critical path. */
import type { Passage, Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { cancelledSteps } from "./links.ts";
import { passagesOf } from "./passages.ts";
import { readyAt, tasksById } from "./steps.ts";

/** What is longer by no more than this differs by the rounding of sums. */
const ROUNDING = 1e-7;

/** The times are those of a run in which no step waits for its turn: nothing can be sooner. */
export class Chains {
  /** For each step: the step whose end it follows, and not what made it ready; -1: it follows what made it ready. */
  readonly follows: Int32Array;
  /** For steps that found something done which others had to do first: the last to come about of that. */
  readonly #passed: ReadonlyMap<number, Passage>;
  readonly #trace: Trace;
  /** For each step: when it begins. */
  readonly #begin: Float64Array;
  /** For each step: how much later what is behind its passage comes, which it would have waited for. */
  readonly #shift: Float64Array;

  constructor(trace: Trace, causes: Causes) {
    const { steps } = trace;
    const { from, offset, delay, previous, joins } = causes;
    const cancelled = cancelledSteps(trace, causes, passagesOf(trace, previous));
    this.#trace = trace;
    this.#begin = new Float64Array(steps.length);
    this.#shift = new Float64Array(steps.length);
    this.follows = new Int32Array(steps.length).fill(-1);
    const found = trace.passages.filter(({ kind, by, step, byAt }) => {
      const own = steps[step];
      return kind === "passed" && by >= 0 && by < step && own !== undefined && byAt > readyAt(own);
    });
    const passed = new Map(found.sort((a, b) => a.byAt - b.byAt).map((passage) => [passage.step, passage]));
    this.#passed = passed;
    for (let index = 0; index < steps.length; index++) {
      const source = from[index]!;
      const ready = (source < 0 ? 0 : this.#timeIn(source, offset[index]!)) + delay[index]!;
      const before = previous[index]!;
      // Woken while it ran: it could not go on before it had waited at all.
      const isOwn = before >= 0 && steps[before]!.end > readyAt(steps[index]!);
      let begin = isOwn ? this.end(before) : ready;
      if (isOwn) this.follows[index] = before;
      const ends = joins.get(index) ?? [];
      // A task that is cancelled does not wait for the steps before.
      for (const end of before < 0 || cancelled.has(index) ? ends : [before, ...ends]) {
        if (this.end(end) <= begin + ROUNDING) continue;
        begin = this.end(end);
        this.follows[index] = end;
      }
      if (isOwn && ready > begin + ROUNDING) {
        begin = ready;
        this.follows[index] = -1;
      }
      this.#begin[index] = begin;
      const passage = passed.get(index);
      if (passage === undefined) continue;
      const came = this.#timeIn(passage.by, passage.byAt - steps[passage.by]!.begin);
      this.#shift[index] = came - begin - this.#offsetOf(passage);
      if (this.#shift[index]! < -ROUNDING) passed.delete(index);
      this.#shift[index] = Math.max(0, this.#shift[index]!);
    }
  }

  end(index: number): number {
    const { begin, end } = this.#trace.steps[index]!;
    return this.#begin[index]! + Math.max(0, end - begin) + this.#shift[index]!;
  }

  /** The step at the end of the longest chain; of equal ones `last`. What a task did that was cancelled need not be done. */
  longest(last: number): number {
    const tasks = tasksById(this.#trace);
    let longest = last;
    this.#trace.steps.forEach(({ task }, index) => {
      if (task !== null && tasks.get(task)?.outcome === "cancelled") return;
      if (this.end(index) > this.end(longest) + ROUNDING) longest = index;
    });
    return longest;
  }

  /** What a step found done before the moment that is so many seconds behind its begin. */
  passageBefore(index: number, offset: number): Passage | undefined {
    const passage = this.#passed.get(index);
    return passage !== undefined && offset > this.#offsetOf(passage) ? passage : undefined;
  }

  /** When the moment of a step comes that is so many seconds behind its begin. */
  #timeIn(index: number, offset: number): number {
    const isBehind = this.passageBefore(index, offset) !== undefined;
    return this.#begin[index]! + offset + (isBehind ? this.#shift[index]! : 0);
  }

  #offsetOf({ step, at }: Passage): number {
    const { begin, end } = this.#trace.steps[step]!;
    return Math.max(0, Math.min(at, end) - begin);
  }
}
