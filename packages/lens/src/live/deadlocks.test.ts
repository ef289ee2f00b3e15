import fc from "fast-check";
import { expect, test } from "vitest";
import { deadlocks } from "./deadlocks.ts";
import { snapshotOfAll, type TaskSketch } from "./testing/snapshots.ts";

const circles = (...tasks: TaskSketch[]): number[][] => circlesOf(tasks);
const circlesOf = (tasks: TaskSketch[]): number[][] =>
  deadlocks(snapshotOfAll(tasks)).map((circle) => circle.map(({ id }) => id));

test("two that wait for each other", () => {
  expect(circles({ id: 1, onTasks: [2] }, { id: 2, onTasks: [1] })).toEqual([[1, 2]]);
});

test("three in a circle, from the oldest on", () => {
  expect(circles({ id: 2, onTasks: [3] }, { id: 3, onTasks: [1] }, { id: 1, onTasks: [2] })).toEqual([[1, 2, 3]]);
});

test("a chain is none", () => {
  expect(circles({ id: 1, onTasks: [2] }, { id: 2, onTasks: [3] }, { id: 3 })).toEqual([]);
});

test("those who wait for a circle are not in it", () => {
  expect(circles({ id: 1, onTasks: [2] }, { id: 2, onTasks: [3] }, { id: 3, onTasks: [2] })).toEqual([[2, 3]]);
});

test("a task that needs all of several is stuck with one of them", () => {
  expect(circles({ id: 1, onTasks: [2, 3] }, { id: 2, onTasks: [1] }, { id: 3 })).toEqual([[1, 2]]);
});

test("a task that needs any of several is not, while one of them can go on", () => {
  expect(circles({ id: 1, onTasks: [2, 3], needs: "any" }, { id: 2, onTasks: [1] }, { id: 3 })).toEqual([]);
});

test("a task that needs any of several is stuck if they all are", () => {
  const tasks = [
    { id: 2, onTasks: [1] },
    { id: 3, onTasks: [1] },
  ] as const;
  expect(circles({ id: 1, onTasks: [2, 3], needs: "any" }, ...tasks)).toEqual([[1, 2]]);
});

test("what something else may free is not stuck", () => {
  expect(circles({ id: 1, onTasks: [2], needs: "other" }, { id: 2, onTasks: [1] })).toEqual([]);
});

test("a task that is ready to run is not stuck", () => {
  expect(circles({ id: 1, onTasks: [2], state: "ready" }, { id: 2, onTasks: [1] })).toEqual([]);
});

test("two circles apart are two", () => {
  const tasks = [1, 2, 3, 4].map((id) => ({ id, onTasks: [id % 2 === 1 ? id + 1 : id - 1] }));
  expect(circles(...tasks)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("a chain of 100,000 that ends in a circle is walked without recursion", () => {
  const length = 100_000;
  const tasks = Array.from({ length }, (_, i) => ({ id: i + 1, onTasks: [i + 2] }));
  expect(circlesOf([...tasks, { id: length + 1, onTasks: [length] }])).toEqual([[length, length + 1]]);
});

test("a circle is found where, and only where, letting tasks go on one after the other leaves some", () => {
  const task = fc.record({
    onTasks: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
    needs: fc.constantFrom("all" as const, "any" as const, "other" as const),
  });
  fc.assert(
    fc.property(fc.array(task, { minLength: 1, maxLength: 10 }), (tasks) => {
      const all = snapshotOfAll(
        tasks.map(({ onTasks, needs }, id) => {
          const on = onTasks.filter((other) => other < tasks.length);
          return { id, onTasks: on, needs: on.length === 0 ? ("other" as const) : needs };
        }),
      );
      const left = new Set(all.tasks);
      const mayGoOn = (each: (typeof all.tasks)[number]): boolean => {
        const stuck = each.onTasks.filter((id) => left.has(all.tasks[id] as typeof each));
        return (
          each.needs === "other" || (each.needs === "all" ? stuck.length === 0 : stuck.length < each.onTasks.length)
        );
      };
      for (let before = -1; before !== left.size;) {
        before = left.size;
        for (const each of left) if (mayGoOn(each)) left.delete(each);
      }
      const found = deadlocks(all);
      expect(found.length > 0).toBe(left.size > 0);
      for (const circle of found) {
        for (const [i, each] of circle.entries()) {
          expect(left.has(each)).toBe(true);
          expect(each.onTasks).toContain((circle[i + 1] ?? circle[0])?.id);
        }
      }
    }),
  );
});
