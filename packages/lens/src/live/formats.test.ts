import { expect, test } from "vitest";
import { formatBusiest } from "./busiest.ts";
import { formatTable } from "./table.ts";
import { snapshot, snapshotOfAll, type TaskSketch } from "./testing/snapshots.ts";
import { formatTree } from "./tree.ts";

/** What follows the heading. */
const body = (text: string): string => text.slice(text.indexOf("\n\n") + 2);
const tree = (...tasks: TaskSketch[]): string => body(formatTree(snapshot(...tasks)));
const table = (...tasks: TaskSketch[]): string => body(formatTable(snapshot(...tasks)));

test("the heading names the process and counts its tasks", () => {
  const text = formatTable(snapshot({ id: 1 }, { id: 2, state: "ready" }), { cwd: "/home/me" });
  expect(text.split("\n").slice(0, 2)).toEqual([
    "process 123, app.ts, node v24.0.0, up 1 min 15 s",
    "2 tasks, 1 ready, 1 waiting",
  ]);
});

test("the heading says where the thread is", () => {
  const busy = { ...snapshot({ id: 1 }), at: "file:///home/me/src/app.ts:12", atFunction: "crunch" };
  expect(formatTable(busy, { cwd: "/home/me" })).toContain("the thread is at crunch, src/app.ts:12\n");
});

test("what was left out is said", () => {
  const cut = { ...snapshot({ id: 1 }), leftOut: { tasks: 2, onTasks: 1 } };
  expect(formatTree(cut)).toContain(
    "2 tasks more, made later, were left out\n1 wait of one task for another were left",
  );
});

test("a process whose loop has ended says so", () => {
  expect(formatTable({ ...snapshot(), loops: [] })).toMatch(/\nno loop runs now\n$/);
});

test("ps is a table", () => {
  expect(
    table(
      { id: 1, coro: "main", onTasks: [-1], on: "the task fetch" },
      { id: -1, name: "fetch", coro: "get", state: "foreign", on: "a promise", since: 90, madeAt: "/app.ts:3" },
    ),
  ).toBe(
    [
      "ID  TASK           STATE    WAITS FOR            SINCE  AWAITED BY  MADE AT",
      " 1  Task-1 main()  waiting  the task fetch       1.0 s",
      "-1  fetch get()    foreign  a promise       1 min 30 s  1           /app.ts:3",
      "",
    ].join("\n"),
  );
});

test("a table is as narrow as the terminal", () => {
  const long = { name: "n".repeat(60), on: "o".repeat(90), madeAt: `/${"f".repeat(70)}.ts:1` };
  const text = formatTable(snapshot({ id: 1, ...long }), { width: 80 });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBe(80);
  expect(text).toContain("…");
});

test("who awaits a task is cut where they are many", () => {
  const many = Array.from({ length: 9 }, (_, i) => ({ id: i + 2, onTasks: [1] }));
  expect(table({ id: 1 }, ...many)).toContain("2, 3, 7 more");
});

test("beneath each task are those that it waits for", () => {
  expect(
    tree(
      { id: 1, name: "main", onTasks: [2, 3] },
      { id: 2, name: "a", onTasks: [4] },
      { id: 3, name: "b" },
      { id: 4, name: "c" },
    ),
  ).toBe(
    [
      "main  waits for the others, 1.0 s",
      "├─ a  waits for the others, 1.0 s",
      "│  └─ c  waits for a future, 1.0 s",
      "└─ b  waits for a future, 1.0 s",
      "",
    ].join("\n"),
  );
});

test("tasks that are alike but for numbers are one line, with the numbers' range", () => {
  const workers = [5, 2, 9].map((id) => ({ id, name: `worker-${id}`, on: `a sleep, ${id}.5 s left`, since: id / 10 }));
  expect(tree(...workers)).toBe("worker-2…9 × 3  waits for a sleep, 2.5…9.5 s left, 0.2 s to 0.9 s\n");
});

test("tasks that wait for tasks of another kind are not alike", () => {
  const parents = [1, 2].map((id) => ({ id, on: `the task Task-${id + 2}`, onTasks: [id + 2] }));
  const text = tree(...parents, { id: 3, coro: "query" }, { id: 4, coro: "render" });
  expect(text).not.toContain("×");
});

test("tasks in another state are not alike", () => {
  expect(tree({ id: 1 }, { id: 2, state: "ready" })).not.toContain("×");
});

test("a task that several wait for is shown with what is beneath it once", () => {
  const waiters = [
    { id: 1, name: "a", onTasks: [3] },
    { id: 2, name: "b", onTasks: [3] },
  ];
  expect(tree(...waiters, { id: 3, name: "holder", onTasks: [4] }, { id: 4, name: "deep" })).toBe(
    [
      "a  waits for the others, 1.0 s",
      "└─ holder  waits for the others, 1.0 s",
      "   └─ deep  waits for a future, 1.0 s",
      "b  waits for the others, 1.0 s",
      "└─ holder  (above)",
      "",
    ].join("\n"),
  );
});

test("a circle is a deadlock, with what each waits for, and hangs from its first task", () => {
  const text = formatTree(
    snapshot(
      { id: 1, name: "left", on: "<Lock A>", onTasks: [2] },
      { id: 2, name: "right", on: "<Lock B>", onTasks: [1] },
    ),
  );
  expect(text.split("\n").slice(2)).toEqual([
    "deadlock: left → right → left",
    "  left waits for <Lock A>",
    "  right waits for <Lock B>",
    "",
    "left  waits for <Lock A>, 1.0 s",
    "└─ right  waits for <Lock B>, 1.0 s",
    "   └─ left  (above)",
    "",
  ]);
});

test("a tree of 20,000 tasks, each in the next, stays readable", () => {
  const tasks = Array.from({ length: 20_000 }, (_, i) => ({ id: i + 1, onTasks: i === 19_999 ? [] : [i + 2] }));
  const lines = formatTree(snapshotOfAll(tasks)).trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^ *\(19999\) └─ Task-20000 /);
  expect(lines.at(-1)?.indexOf("(")).toBeLessThan(80);
});

test("every task is in the tree", () => {
  const tasks = Array.from({ length: 50 }, (_, id) => ({
    id,
    name: `${"x".repeat(id)}.`,
    onTasks: [(id * 7 + 3) % 50],
  }));
  const lines = new Set(
    tree(...tasks)
      .split("\n")
      .map((line) => /x*\./.exec(line)?.[0]),
  );
  for (const { name } of tasks) expect(lines).toContain(name);
});

test("no line of a tree is wider than the terminal", () => {
  const text = formatTree(snapshot({ id: 1, on: "o".repeat(200), onTasks: [2] }, { id: 2, name: "n".repeat(200) }), {
    width: 60,
  });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBe(60);
});

test("nothing in a name moves the cursor", () => {
  const evil = { id: 1, name: "a\u001B[2Jb\nc", coro: "d\re", on: "f\u0007" };
  const text = formatTable(snapshot(evil)) + formatTree(snapshot(evil));
  expect(text).not.toMatch(/[^\P{C}\n]/u);
});

test("top shows who runs, then who is ready, then who has waited longest, as far as there is room", () => {
  const text = formatBusiest(
    snapshot(
      { id: 1, since: 5 },
      { id: 2, since: 9 },
      { id: 3, state: "ready", since: 0.1 },
      { id: 4, state: "running", since: 0.2 },
    ),
    {},
    7,
  );
  const lines = body(text).trimEnd().split("\n");
  expect(lines.slice(1).map((line) => line.trim().split(" ")[0])).toEqual(["4", "3", "2"]);
});
