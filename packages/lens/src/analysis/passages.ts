/** Where in each step tasks passed by what might have made them wait, and where they let others pass. */
import type { Trace } from "../trace.ts";

/** A moment of a step that counts for others: a slot is let go, or what the passage waits for comes about. */
export interface Moment {
  /** In seconds since the step's begin. */
  readonly offset: number;
  readonly kind: "released" | "settled";
  /** The passage: an index into the trace's. */
  readonly passage: number;
}

/** The passages of a trace, by step. All are indices into `trace.passages`. */
export interface Passages {
  /** At which a step may have to wait, in order. */
  readonly gates: ReadonlyMap<number, readonly number[]>;
  /** In order. */
  readonly moments: ReadonlyMap<number, readonly Moment[]>;
  /** For steps that began because a lock was handed over: the passage at which it was taken. */
  readonly handed: ReadonlyMap<number, number>;
  /** How many slots each lock or semaphore had at the start. */
  readonly slots: ReadonlyMap<number, number>;
}

/** @param previous - for each step the one before it of the same task. */
export function passagesOf(trace: Trace, previous: Int32Array): Passages {
  const { steps } = trace;
  const gates = new Map<number, number[]>();
  const moments = new Map<number, Moment[]>();
  const handed = new Map<number, number>();
  const slots = new Map<number, number>();
  const addMoment = (step: number, at: number, kind: Moment["kind"], passage: number): void => {
    const { begin, end } = steps[step]!;
    listOf(moments, step).push({ offset: Math.max(0, Math.min(at, end) - begin), kind, passage });
  };
  trace.passages.forEach(({ step, at, kind, by, byAt, resource, waited, free }, index) => {
    if (steps[step] === undefined) return;
    if (kind === "passed") {
      // What did not come about in an earlier step was there whatever the others did.
      if (by < 0 || by >= step) return;
      listOf(gates, step).push(index);
      addMoment(by, byAt, "settled", index);
      return;
    }
    if (!slots.has(resource)) slots.set(resource, Math.max(0, kind === "acquired" ? free + 1 : free - 1));
    if (kind === "released") addMoment(step, at, kind, index);
    else if (waited && previous[step]! >= 0 && !handed.has(step)) handed.set(step, index);
    else listOf(gates, step).push(index);
  });
  for (const all of moments.values()) {
    all.sort(
      (a, b) =>
        a.offset - b.offset || Number(a.kind === "released") - Number(b.kind === "released") || a.passage - b.passage,
    );
  }
  return { gates, moments, handed, slots };
}

function listOf<T>(lists: Map<number, T[]>, step: number): T[] {
  const known = lists.get(step);
  if (known !== undefined) return known;
  const list: T[] = [];
  lists.set(step, list);
  return list;
}
