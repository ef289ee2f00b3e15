import { expect, test } from "vitest";
import type { Summary } from "../summary.ts";
import { formatComparison } from "./format-comparison.ts";
import { summarise } from "./summarise.ts";
import { simulate } from "./testing/machine.ts";
import { join, sleep, spawn } from "./testing/programs.ts";
import { notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

function named(file: string, summary: Summary): Summary {
  return { ...summary, program: { ...summary.program, file } };
}

const plain = named("examples/plain.ts", summarise(new TraceBuilder().blocks(null, 0, 5).trace(5)));
const blocking = named("examples/blocking.ts", summarise(notesProgram()));
const repaired = simulate([spawn(sleep(1), sleep(1)), spawn(sleep(1), sleep(1), sleep(1)), join]);
const cooperative = named("examples/cooperative.ts", summarise(repaired));

test("a column for each program, a row for each figure", () => {
  expect(formatComparison([plain, blocking, cooperative])).toBe(
    [
      "                    examples/plain.ts  examples/blocking.ts  examples/cooperative.ts",
      "──────────────────  ─────────────────  ────────────────────  ───────────────────────",
      "time                           5.00 s                5.00 s                   3.00 s",
      "blocked                        5.00 s                5.00 s                      0 s",
      "if it yielded                       –                3.00 s                   3.00 s",
      "critical path                       –                3.00 s                   3.00 s",
      "steps                               0                     4                        9",
      "tasks                               0                     3                        3",
      "most ready at once                  0                     1                        0",
    ].join("\n"),
  );
});

test("says what was dropped", () => {
  const cut = { ...cooperative, dropped: { steps: 9000, tasks: 0, passages: 0, completeFrom: 1 } };
  const text = formatComparison([cut]);
  expect(text).toMatch(/steps +≥ 9\n/);
  expect(text).toContain("examples/cooperative.ts: the recorder kept the last 2.00 s; 9000 steps before were dropped");
});
