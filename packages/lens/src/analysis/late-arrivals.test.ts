/** A server in one process, whose handlers block: when could the requests have come? */
import { expect, test } from "vitest";
import { predict } from "./predict.ts";
import { causesOf } from "./causes.ts";
import { TraceBuilder } from "./testing/trace-builder.ts";
import type { Trace } from "../trace.ts";

/** Handlers that block for a second each, one after another; what came meanwhile is seen between two. */
function server(handlers: number, clients: number): Trace {
  const run = new TraceBuilder();
  const main = run.task("main");
  run.step(main, 0, 0, { on: "an Event" });
  const asking = Array.from({ length: clients }, (_, n) => run.task(`client ${n}`, { parent: main }));
  for (const client of asking) run.step(client, 0, 0, { cause: "made", by: 0, then: "foreign" });
  let now = 0.001;
  for (let n = 0; n < handlers; n++) {
    const handler = run.task(`handler ${n}`, { parent: main, made: now });
    const step = run.step(handler, now, now + 1, { cause: "made", then: "done" });
    run.blocks(step, now, now + 1);
    now += 1.001;
  }
  asking.forEach((client) => run.step(client, now, now, { cause: "outside", then: "done" }));
  return run.trace(now);
}

const predicted = (trace: Trace): number => predict(trace, causesOf(trace)).seconds;

test("requests of clients outside may all have come at once", () => {
  expect(predicted(server(4, 0))).toBeCloseTo(1, 1);
});

test("requests of as many clients in the same process may have come at once", () => {
  expect(predicted(server(4, 4))).toBeCloseTo(1, 1);
});

test("a single client in the same process sends each request when the one before is answered", () => {
  expect(predicted(server(4, 1))).toBeCloseTo(4, 1);
});
