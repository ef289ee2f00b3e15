/** Traces that no program makes. */
import fc from "fast-check";
import type { BlockedStretch, Trace, TraceStep } from "../../trace.ts";
import { TraceBuilder } from "./trace-builder.ts";

/** What a recorder that dropped or mixed things up might hand over. */
export function brokenTraces(): fc.Arbitrary<Trace> {
  const time = fc.integer({ min: 0, max: 3000 }).map((ms) => ms / 1000);
  const index = fc.integer({ min: -2, max: 14 });
  const step = fc.record({
    task: fc.option(fc.integer({ min: 1, max: 5 })),
    begin: time,
    end: time,
    ready: time,
    cause: fc.constantFrom<TraceStep["cause"]>("made", "turn", "woken", "timer", "outside"),
    by: index,
    timerSet: time,
    timerWhen: time,
    then: fc.constantFrom<TraceStep["then"]>("wait", "turn", "foreign", "done"),
    on: fc.constantFrom("", "<Lock [locked]>", "a sleep until 3 s"),
    onTask: fc.option(fc.integer({ min: 1, max: 7 })),
  });
  const stretch = fc.record({
    begin: time,
    end: time,
    step: fc.option(index),
    kind: fc.constantFrom<BlockedStretch["kind"]>("cpu", "waiting"),
  });
  const passage = fc.record({
    kind: fc.constantFrom("passed", "acquired", "released"),
    step: index,
    at: time,
    by: index,
    byAt: time,
    resource: fc.nat(1),
    waited: fc.boolean(),
    free: fc.nat(2),
  });
  const waits = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 });
  return fc
    .record({
      steps: fc.array(step, { maxLength: 14 }),
      stretches: fc.array(stretch, { maxLength: 6 }),
      passages: fc.array(passage, { maxLength: 8 }),
      waits: fc.array(waits, { minLength: 3, maxLength: 4 }),
      dropped: fc.nat(5),
      cancelled: fc.nat(8),
      duration: time,
    })
    .map(({ steps, stretches, passages, waits: waitsOf, dropped, cancelled, duration: seconds }) => {
      const builder = new TraceBuilder();
      waitsOf.forEach((waitsForTasks, n) => {
        builder.task(`T${n}`, { parent: n, waitsForTasks, outcome: n === cancelled ? "cancelled" : "pending" });
      });
      for (const { task, begin, end, ...rest } of steps.sort((a, b) => a.begin - b.begin)) {
        builder.step(task, begin, end, rest);
      }
      for (const { step: at, begin, end, kind } of stretches.sort((a, b) => a.begin - b.begin)) {
        builder.blocks(at, begin, end, { kind });
      }
      for (const { kind, step: at, at: when, by, byAt, resource, waited, free } of passages) {
        if (kind === "passed") builder.passes(at, when, by, byAt);
        else if (kind === "acquired") builder.acquires(at, when, resource, free, waited);
        else builder.releases(at, when, resource, free);
      }
      return builder.drop(dropped, 1).trace(seconds);
    });
}
