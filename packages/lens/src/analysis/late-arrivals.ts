/** When what began by itself, a request that came in, could have begun: a blocked thread sees it late. */
import type { Trace } from "../trace.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { countBefore } from "./sorted.ts";

/** At most so many stretches that follow each other are looked at for one arrival. */
const STRETCHES = 1000;

/** What an arrival follows. */
export interface Arrival {
  /** The step after whose end its time counts; -1: from the start of the recording. */
  readonly from: number;
  /** So many seconds earlier than it was seen it may have come. */
  readonly late: number;
}

/**
 * What came right after the thread had been blocked may have come at any time meanwhile, unless it is what somebody did
 * once the blocked code was done: a client in this process that sends its next request when the last one is answered.
 * Clients here are tasks that wait for promises which are not Turnwise's. While fewer requests are being answered than
 * there are clients, another one can come. Clients outside, of which the trace knows nothing, are taken to be many.
 */
export class LateArrivals {
  readonly #trace: Trace;
  readonly #stretches: readonly { readonly begin: number; readonly end: number; readonly step: number }[];
  readonly #ends: Float64Array;
  readonly #foreign: Spans;
  /** The lives of the tasks that answer, and within them the waits for foreign promises: then they are clients. */
  readonly #answers: Spans;
  readonly #asking: Spans;
  /** For each step, the last one before it that ended in a wait for a foreign promise; -1 if none did. */
  readonly #lastForeign: Int32Array;

  constructor(trace: Trace, previous: Int32Array) {
    const { steps, blocked } = trace;
    this.#trace = trace;
    this.#stretches = blocked.map(({ begin, end, step }) => ({
      begin,
      end,
      step: step !== null && step < steps.length ? step : -1,
    }));
    this.#ends = Float64Array.from(blocked, ({ end }) => end);
    const next = new Int32Array(steps.length).fill(-1);
    for (let index = 0; index < steps.length; index++) if (previous[index]! >= 0) next[previous[index]!] = index;
    const answers = answersOf(trace);
    const waits: [number, number][] = [];
    const asking: [number, number][] = [];
    this.#lastForeign = new Int32Array(steps.length).fill(-1);
    let last = -1;
    steps.forEach(({ task, then, end }, index) => {
      this.#lastForeign[index] = last;
      if (then !== "foreign") return;
      const wait: [number, number] = [end, next[index]! < 0 ? Infinity : steps[next[index]!]!.begin];
      waits.push(wait);
      if (task !== null && answers.has(task)) asking.push(wait);
      last = index;
    });
    this.#foreign = new Spans(waits);
    this.#answers = new Spans([...answers.values()]);
    this.#asking = new Spans(asking);
  }

  /** Of what was ready at `ready`; undefined if the thread had not been blocked in a step right before. */
  of(ready: number): Arrival | undefined {
    let at = countBefore(this.#ends, ready, true) - 1;
    let edge = ready;
    let late = 0;
    let first = -1;
    for (let count = 0; at >= 0 && count < STRETCHES; count++, at--) {
      const { begin, end, step } = this.#stretches[at]!;
      if (step < 0 || edge - end > SEEN_AT_ONCE) break;
      const begun = this.#trace.steps[step]!.begin;
      const clients = this.#foreign.at(begun);
      if (clients > 0 && this.#answers.at(begun) - this.#asking.at(begun) >= clients) return { from: step, late };
      late += end - begin;
      first = step;
      edge = begin;
    }
    if (first < 0) return undefined;
    const hasClients = this.#foreign.at(this.#trace.steps[first]!.begin) > 0;
    return { from: hasClients ? this.#lastForeign[first]! : -1, late };
  }
}

/** The lives of the tasks that were made for something that came in: not by a step of the task that they belong to. */
function answersOf({ tasks, steps }: Trace): Map<number, [number, number]> {
  const own = new Map<number, { begin: number; end: number }[]>();
  for (const { task, begin, end } of steps) {
    if (task === null) continue;
    const all = own.get(task);
    if (all === undefined) own.set(task, [{ begin, end }]);
    else all.push({ begin, end });
  }
  const began = new Map([...own].map(([id, all]) => [id, Float64Array.from(all, ({ begin }) => begin)]));
  const answers = new Map<number, [number, number]>();
  for (const { id, parent, made, done } of tasks) {
    const all = parent === null ? undefined : own.get(parent);
    const last = all?.[countBefore(began.get(parent!)!, made, true) - 1];
    if (last === undefined || made > last.end) answers.set(id, [made, done ?? Infinity]);
  }
  return answers;
}

/** Stretches of time that may overlap. */
class Spans {
  readonly #begins: Float64Array;
  readonly #ends: Float64Array;

  constructor(spans: readonly (readonly [number, number])[]) {
    this.#begins = Float64Array.from(spans, ([begin]) => begin).sort();
    this.#ends = Float64Array.from(spans, ([, end]) => end).sort();
  }

  /** How many there are at `time`. */
  at(time: number): number {
    return countBefore(this.#begins, time, true) - countBefore(this.#ends, time, true);
  }
}
