import { describe, expect, test } from "vitest";
import type { TasksMessage } from "./protocol.ts";
import { liveTask, snapshotOf } from "./testing/snapshots.ts";
import { eventually, picture, studioForTests } from "./testing/studio-page.ts";

const { missing, open } = await studioForTests();

const workers = Array.from({ length: 40 }, (_, index) =>
  liveTask(100 + index, `worker-${index + 1}`, {
    coro: "worker",
    on: "<Queue maxsize=10 getters=40>",
    since: index / 4,
  }),
);
const server = [
  liveTask(1, "Task-1", { coro: "main", onTasks: [2, 3, ...workers.map(({ id }) => id)], since: 3724 }),
  liveTask(2, "Task-2", {
    coro: "serve",
    state: "foreign",
    on: "a promise that is not Turnwise's",
    at: "/srv/net.ts:41",
  }),
  liveTask(3, "Task-3", { coro: "report", onTasks: [4], since: 12.4 }),
  liveTask(4, "Task-4", { coro: "render", state: "running", on: "", since: 0.8 }),
  ...workers,
];
const tasks = (of = server, deadlocks: TasksMessage["deadlocks"] = []): TasksMessage => ({
  type: "tasks",
  snapshot: { ...snapshotOf(of), at: "/srv/render.ts:17", atFunction: "layout" },
  deadlocks,
});

const hello = { shown: 0, programs: [], pid: 4711 };

describe.skipIf(missing)("a live process", { timeout: 60_000 }, () => {
  const opened = async (): ReturnType<typeof open> => {
    const one = await open({ hello });
    await one.page.getByText("Looking at the process").waitFor();
    await eventually(() => one.server.heard).toEqual([{ type: "watch" }]);
    one.server.say(tasks());
    await one.page.getByRole("tree").waitFor();
    return one;
  };

  test("is shown as a tree of its tasks, with those that are alike in one row", async () => {
    const { page, faults } = await opened();
    const rows = await page.getByRole("treeitem").allInnerTexts();
    expect(rows.map((row) => row.replaceAll(/\s+/g, " ").trim())).toEqual([
      "▾ ○ Task-1 main waits for 42 tasks 1 h 2 min",
      "◇ Task-2 serve waits for a promise that is not Turnwise's 1.5 s",
      "▾ ○ Task-3 report waits for 1 tasks 12 s",
      "▶ Task-4 render runs 0.8 s",
      expect.stringMatching(/▸ ○ worker-1…40 worker × 40 waits for <Queue maxsize=10 getters=40> 0.0 s to 9.8 s/),
    ]);
    expect(await page.locator(".facts").innerText()).toContain("The thread is at /srv/render.ts:17 in layout");
    await picture(page, "live");
    expect(faults).toEqual([]);
  });

  test("is refreshed, and holds still where that is wanted", async () => {
    const { page, server: studio } = await opened();
    studio.say(tasks(server.slice(1, 2)));
    await eventually(() => page.getByRole("treeitem").count()).toBe(1);
    await page.getByRole("button", { name: "Hold still" }).click();
    studio.say(tasks());
    await page.waitForTimeout(200);
    expect(await page.getByRole("treeitem").count()).toBe(1);
    await page.getByRole("button", { name: "Refresh again" }).click();
    studio.say(tasks());
    await eventually(() => page.getByRole("treeitem").count()).toBe(5);
  });

  test("a filter leaves what it means, and who waits for that", async () => {
    const { page } = await opened();
    await page.getByLabel("Filter the tasks").fill("render");
    await eventually(() => page.locator(".tree .name").allInnerTexts()).toEqual([
      "Task-1 main",
      "Task-3 report",
      "Task-4 render",
    ]);
    await page.getByLabel("Filter the tasks").fill("");
    await page.getByLabel("State").selectOption("foreign");
    await eventually(() => page.locator(".tree .name").allInnerTexts()).toEqual(["Task-1 main", "Task-2 serve"]);
  });

  test("rows are folded and unfolded, and stay so when it is refreshed", async () => {
    const { page, server: studio } = await opened();
    await page.getByRole("treeitem").last().click();
    await eventually(() => page.getByRole("treeitem").count()).toBe(45);
    studio.say(tasks());
    await page.waitForTimeout(200);
    expect(await page.getByRole("treeitem").count()).toBe(45);
    await page.locator(".fold").first().click();
    await eventually(() => page.getByRole("treeitem").count()).toBe(1);
  });

  test("a task is opened to see what it waits for, and who waits for it", async () => {
    const { page } = await opened();
    await page.getByRole("treeitem", { name: "Task-3 report" }).click();
    const details = page.locator(".task-details");
    expect(await details.innerText()).toMatch(
      /Task-3 report[^]*waits for all of\s+Task-4 render[^]*awaited by\s+Task-1 main/,
    );
    await details.getByRole("button", { name: "Task-4 render" }).click();
    expect(await details.locator("h2").innerText()).toBe("Task-4 render");
    await picture(page, "live-task");
  });

  test("the tree is walked with the keyboard", async () => {
    const { page } = await opened();
    await page.getByRole("treeitem").first().focus();
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    expect(await page.locator(".task-details h2").innerText()).toBe("Task-3 report");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => page.getByRole("treeitem").count()).toBe(4);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => page.getByRole("treeitem").count()).toBe(1);
    expect(await page.getByRole("treeitem").first().getAttribute("aria-expanded")).toBe("false");
  });

  test("a deadlock is said first", async () => {
    const { page, server: studio } = await opened();
    const circle = [liveTask(7, "a", { onTasks: [8] }), liveTask(8, "b", { onTasks: [7] })];
    studio.say(tasks(circle, [circle]));
    await eventually(() => page.locator(".error").innerText()).toMatch(/Deadlock: a waits for b waits for a/);
  });

  test("its end is said, and what was seen last stays", async () => {
    const { page, server: studio } = await opened();
    studio.say({ type: "gone", ended: true, message: "Process 4711 has ended." });
    await page.getByText("Process 4711 has ended.").waitFor();
    expect(await page.getByRole("treeitem").count()).toBe(5);
    await page.getByRole("button", { name: "Try again" }).click();
    await eventually(() => studio.heard.filter(({ type }) => type === "watch").length).toBe(2);
  });

  test("is watched only while it is looked at", async () => {
    const { page, server: studio } = await opened();
    await page.getByRole("button", { name: "Programs" }).click();
    await eventually(() => studio.heard.at(-1)).toEqual({ type: "unwatch" });
  });
});
