/** A step in parts: what keeps the thread, what passes beside it, and where it may have to wait. */
import type { BlockedStretch, Passage, TraceStep } from "../trace.ts";

/** A part of a step: times since the step's begin. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly kind: "run" | BlockedStretch["kind"] | "gate";
  /** Of a gate: the passage, an index into the trace's. Else -1. */
  readonly passage: number;
}

/**
 * A "run" first and last, and after each other kind: some are empty.
 * @param stretches - cut to the step. @param gates - in order, indices into `passages`.
 */
export function partsOf(
  { begin: start, end: stop }: TraceStep,
  stretches: readonly BlockedStretch[],
  gates: readonly number[],
  passages: readonly Passage[],
): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let gate = 0;
  const add = (begin: number, end: number, kind: Part["kind"], passage = -1): void => {
    parts.push({ from, to: begin, kind: "run", passage: -1 }, { from: begin, to: end, kind, passage });
    from = end;
  };
  const nextGate = (): number => {
    const passage = passages[gates[gate] ?? -1];
    return passage === undefined ? Infinity : Math.max(from, Math.min(passage.at, stop) - start);
  };
  for (const { begin, end, kind } of stretches) {
    for (let at = nextGate(); at <= begin - start; at = nextGate()) add(at, at, "gate", gates[gate++]);
    let since = begin - start;
    // A stretch in which it passed something is two: it may have to wait in between.
    for (let at = nextGate(); at < end - start; at = nextGate()) {
      add(since, at, kind);
      add(at, at, "gate", gates[gate++]);
      since = at;
    }
    add(since, end - start, kind);
  }
  for (let at = nextGate(); at < Infinity; at = nextGate()) add(at, at, "gate", gates[gate++]);
  parts.push({ from, to: Math.max(from, stop - start), kind: "run", passage: -1 });
  return parts;
}
