import { expect, test } from "vitest";
import { encode } from "../encode.ts";
import { blockingRun } from "../testing/notes-traces.ts";
import { step, summaryOf, task, traceOf } from "../testing/trace-builder.ts";
import { Explorer } from "./explorer.ts";
import { readRun } from "./run.ts";

function explore() {
  const { trace, summary } = blockingRun();
  const changes: string[] = [];
  const explorer: Explorer = new Explorer(readRun(encode(trace, summary)), (what) => changes.push(what));
  return { explorer, changes };
}

test("steps of the loop's lane are all steps, of a task's lane the task's", () => {
  const { explorer } = explore();
  explorer.step(1);
  explorer.step(1);
  expect(explorer.selection).toEqual({ kind: "step", index: 1 });
  explorer.select({ kind: "task", index: 0 });
  expect(explorer.lane).toBe(1);
  explorer.step(1);
  explorer.step(1);
  expect(explorer.selection).toEqual({ kind: "step", index: 5 });
  explorer.step(1);
  expect(explorer.selection).toEqual({ kind: "step", index: 5 });
  explorer.step(-1);
  expect(explorer.selection).toEqual({ kind: "step", index: 0 });
});

test("the first step is the first in the window", () => {
  const { explorer } = explore();
  explorer.view.show(3, 4);
  explorer.step(1);
  expect(explorer.selection).toEqual({ kind: "step", index: 2 });
});

test("blocked stretches follow each other, and the window follows them", () => {
  const { explorer } = explore();
  explorer.view.show(0, 0.5);
  for (const index of [0, 1, 2]) {
    explorer.blocked(1);
    expect(explorer.selection).toEqual({ kind: "blocked", index });
    const { begin, end } = explorer.run.blocked[index]!;
    expect(explorer.view.window.from).toBeLessThanOrEqual(begin);
    expect(explorer.view.window.to).toBeGreaterThanOrEqual(end);
  }
  explorer.blocked(-1);
  expect(explorer.selection).toEqual({ kind: "blocked", index: 1 });
});

test("to look at something is to select it in its task's lane, as large as can be read", () => {
  const { explorer } = explore();
  explorer.lookAt({ kind: "step", index: 5 });
  expect(explorer.lane).toBe(1);
  expect(explorer.view.span).toBeLessThan(0.01);
});

test("lanes end at the loop's and at the last task's", () => {
  const { explorer } = explore();
  explorer.moveLane(-5);
  expect(explorer.lane).toBe(0);
  explorer.moveLane(50);
  expect(explorer.selection).toEqual({ kind: "task", index: 2 });
});

test("each change is told", () => {
  const { explorer, changes } = explore();
  explorer.view.zoom(2);
  explorer.select({ kind: "step", index: 0 });
  expect(changes).toEqual(["view", "selection"]);
});

test("a task without steps has nothing to step through", () => {
  const trace = traceOf({ duration: 2, tasks: [task(1, "idle")], steps: [step(null, 0, 1)] });
  const explorer = new Explorer(readRun(encode(trace, summaryOf(trace))), () => undefined);
  explorer.select({ kind: "task", index: 0 });
  explorer.step(1);
  explorer.step(-1);
  expect(explorer.selection).toEqual({ kind: "task", index: 0 });
});
