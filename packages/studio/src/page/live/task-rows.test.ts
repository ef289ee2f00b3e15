import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SnapshotTask } from "../../../../lens/src/live/snapshot.ts";
import { liveTask, snapshotOf } from "../../testing/snapshots.ts";
import { MOST_ROWS, NO_FILTER, taskRows, type TaskRow } from "./task-rows.ts";

const NONE: ReadonlySet<string> = new Set();
const outline = (rows: readonly TaskRow[]): string[] =>
  rows.map(({ depth, name, isOpen, isAbove }) => {
    const sign = isOpen === null ? " " : isOpen ? "-" : "+";
    return `${"  ".repeat(depth)}${sign} ${name}${isAbove ? " (above)" : ""}`;
  });
const rowsOf = (tasks: readonly SnapshotTask[], filter = NO_FILTER, toggled = NONE): readonly TaskRow[] =>
  taskRows(snapshotOf(tasks), filter, toggled).rows;

const workers = [11, 12, 13].map((id) => liveTask(id, `worker-${id}`, { coro: "worker", on: "a queue" }));
const pool = [liveTask(1, "main", { onTasks: [2, 11, 12, 13] }), liveTask(2, "logger", { on: "a sleep" }), ...workers];

describe("the task tree", () => {
  test("has beneath each task those that it waits for, and those that are alike in one row", () => {
    expect(outline(rowsOf(pool))).toEqual(["- main", "    logger", "  + worker-11…13 worker × 3"]);
  });

  test("opens rows of several, and closes tasks", () => {
    const [main, , alike] = rowsOf(pool);
    expect(outline(rowsOf(pool, NO_FILTER, new Set([alike!.key])))).toEqual([
      "- main",
      "    logger",
      "  - worker-11…13 worker × 3",
      "      worker-11 worker",
      "      worker-12 worker",
      "      worker-13 worker",
    ]);
    expect(outline(rowsOf(pool, NO_FILTER, new Set([main!.key])))).toEqual(["+ main"]);
  });

  test("keeps the keys of its rows while the tasks wait for other things", () => {
    const later = pool.map((task) => ({ ...task, on: "something else", since: 5 }));
    expect(rowsOf(later).map(({ key }) => key)).toEqual(rowsOf(pool).map(({ key }) => key));
  });

  test("under a filter has what it means, and who waits for that", () => {
    const { rows, matches } = taskRows(snapshotOf(pool), { text: "LOGGER", state: "any" }, NONE);
    expect(outline(rows)).toEqual(["- main", "    logger"]);
    expect(rows.map(({ isMatch }) => isMatch)).toEqual([false, true]);
    expect(matches).toBe(1);
    expect(outline(rowsOf(pool, { text: "", state: "running" }))).toEqual([]);
  });

  test("shows a task that two wait for once with all beneath it", () => {
    const tasks = [
      liveTask(1, "a", { onTasks: [3] }),
      liveTask(2, "b", { onTasks: [3] }),
      liveTask(3, "shared", { onTasks: [4] }),
      liveTask(4, "leaf"),
    ];
    expect(outline(rowsOf(tasks))).toEqual(["- a", "  - shared", "      leaf", "- b", "    shared (above)"]);
  });

  test("shows tasks that wait for each other in a circle", () => {
    const tasks = [liveTask(1, "a", { onTasks: [2] }), liveTask(2, "b", { onTasks: [1] })];
    expect(outline(rowsOf(tasks))).toEqual(["- a", "  - b", "      a (above)"]);
  });

  test("has every task of any snapshot, once all is opened", () => {
    const anyTasks = fc
      .integer({ min: 0, max: 20 })
      .chain((count) =>
        fc.array(fc.array(fc.nat({ max: Math.max(0, count - 1) }), { maxLength: 4 }), {
          minLength: count,
          maxLength: count,
        }),
      )
      .map((on) =>
        on.map((targets, index) => liveTask(index, `task-${index % 3}`, { onTasks: [...new Set(targets)] })),
      );
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const toggled = new Set<string>();
        let rows = rowsOf(tasks);
        for (let closed = rows.filter(({ isOpen }) => isOpen === false); closed.length > 0;) {
          for (const { key } of closed) toggled.add(key);
          rows = rowsOf(tasks, NO_FILTER, toggled);
          closed = rows.filter(({ isOpen }) => isOpen === false);
        }
        const seen = new Set(rows.flatMap((row) => row.tasks.map(({ id }) => id)));
        expect(seen.size).toBe(tasks.length);
      }),
    );
  });

  test("is cut where it gets too long", () => {
    const tasks = Array.from({ length: 2000 }, (_, id) => liveTask(id, `${String.fromCodePoint(0x4e00 + id)}`));
    const { rows, isCut } = taskRows(snapshotOf(tasks), NO_FILTER, NONE);
    expect([rows.length, isCut]).toEqual([MOST_ROWS, true]);
  });
});
