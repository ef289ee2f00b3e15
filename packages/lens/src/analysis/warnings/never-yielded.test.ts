import { expect, test } from "vitest";
import type { Warning } from "../../summary.ts";
import type { Trace } from "../../trace.ts";
import { summarise } from "../summarise.ts";
import { simulate } from "../testing/machine.ts";
import { block, compute, join, sleep, spawn, turn, work } from "../testing/programs.ts";
import { notesProgram } from "../testing/trace-builder.ts";

const warningsOf = (trace: Trace): readonly Warning[] =>
  summarise(trace).warnings.filter(({ code }) => code === "TW002");

test("a task that ran from its start to its end in one step while another was ready", () => {
  const [warning] = warningsOf(notesProgram());
  expect(warning).toMatchObject({
    title: "a task never yielded",
    message:
      "the task A ran from its start to its end in one step of 2.00 s; others were ready, and waited 2.00 s in all",
    tasks: [2], // B's was as long, but nobody was ready meanwhile.
  });
});

test("many of them are one warning", () => {
  const [warning] = warningsOf(simulate([...Array.from({ length: 9 }, () => spawn(compute(1))), join]));
  expect(warning!.title).toBe("tasks never yielded");
  expect(warning!.message).toContain("8 tasks (child, child, child and 5 more) ran from start to end in one step each");
});

test.each([
  ["alone on the loop", simulate([block(3)])],
  ["that let others run in between", simulate([spawn(block(0.3), turn, block(0.3)), spawn(sleep(0.1)), join])],
  ["shorter than the threshold", simulate([spawn(work(0.09)), spawn(work(0.09)), join])],
])("not for a task %s", (_, trace) => {
  expect(warningsOf(trace)).toEqual([]);
});

test("not for a task whose earlier steps may have been dropped", () => {
  expect(warningsOf({ ...notesProgram(), dropped: { steps: 3, tasks: 0, passages: 0, completeFrom: 0.5 } })).toEqual(
    [],
  );
});
