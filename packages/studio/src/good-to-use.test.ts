import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { summarise } from "../../lens/src/analysis/summarise.ts";
import { randomTrace } from "../../lens/src/report/testing/random-trace.ts";
import { ranAs } from "./testing/notes-programs.ts";
import { liveTask, snapshotOf } from "./testing/snapshots.ts";
import { addressOf, eventually, moment, picture, pointIn, recorded, studioForTests } from "./testing/studio-page.ts";

const { missing, open } = await studioForTests();

/** What axe finds, in words. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<axe.AxeResults>("axe.run(document)");
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { colorScheme: "light", viewport: { width: 400, height: 800 } },
  // A window of 1280 by 800 at 200 %.
  "twice as large": { colorScheme: "light", viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
} as const;

describe.skipIf(missing)("the page", { timeout: 60_000 }, () => {
  for (const [name, look] of Object.entries(LOOKS)) {
    const file = name.replaceAll(" ", "-");

    test(`with programs is accessible and fits: ${name}`, async () => {
      const { page, faults } = await open(look);
      await recorded(page, 2);
      await page.keyboard.press("b");
      await picture(page, `programs-${file}`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
    });

    test(`with tasks is accessible and fits: ${name}`, async () => {
      const { page, server } = await open({ ...look, hello: { shown: 0, programs: [], pid: 4711 } });
      await page.getByText("Looking at the process").waitFor();
      const children = Array.from({ length: 5 }, (_, index) =>
        liveTask(10 + index, `worker-${index}`, { coro: "worker" }),
      );
      const main = liveTask(1, "Task-1", { coro: "main", onTasks: children.map(({ id }) => id) });
      server.say({ type: "tasks", snapshot: snapshotOf([main, ...children]), deadlocks: [] });
      await page.getByRole("treeitem").first().click();
      await picture(page, `tasks-${file}`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    });
  }

  test("with the list of keys open is accessible; the key that opened it closes it, and so does Escape", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.waitFor();
    expect(await help.innerText()).toMatch(/one step forwards[^]*to the next blocked stretch/);
    await picture(page, "help");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("?");
    await help.waitFor({ state: "hidden" });
    await page.keyboard.press("?");
    await help.waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
  });

  test("shows something useful in under a second", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const paint = await page.evaluate<number>(
      "performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint').startTime",
    );
    // Here other things run at the same time.
    expect(paint).toBeLessThan(3000);
  });

  test("misses nothing that comes before its first frame", async () => {
    const { page } = await open({
      prelude: `{
        const [later, frame] = [setTimeout, requestAnimationFrame];
        globalThis.setTimeout = (act, wait = 0) => later(act, wait + 700);
        globalThis.requestAnimationFrame = (act) => later(() => frame(act), 700);
      }`,
    });
    await recorded(page, 2);
  });

  test("is light or dark as the person chooses, the timelines too, and remembers it", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const ground = (): Promise<string> =>
      page.evaluate<string>(`(() => {
        const canvas = document.querySelector(".lanes canvas");
        const { data } = canvas.getContext("2d").getImageData(6, canvas.height - 4, 1, 1);
        return data[0] > 128 ? "light" : "dark";
      })()`);
    await eventually(ground).toBe("light");
    await page.getByRole("button", { name: "Colours: Auto" }).click();
    await page.getByRole("button", { name: "Colours: Light" }).click();
    await eventually(ground).toBe("dark");
    expect(await page.evaluate("getComputedStyle(document.body).colorScheme")).toBe("dark");
    await page.reload();
    await recorded(page, 2);
    await page.getByRole("button", { name: "Colours: Dark" }).waitFor();
    await eventually(ground).toBe("dark");
  });

  test("is at the moment that a link names", async () => {
    const { page } = await open({ hash: "#program=B&time=1.003200000&from=0.500000000&to=1.500000000" });
    await recorded(page, 2);
    await eventually(() => page.locator("output.time").innerText()).toBe("1.0032 s");
    expect(await moment(page, "B").locator(".baton").innerText()).toContain("Task-2 sum A runs");
    const address = await addressOf(page);
    expect(Object.fromEntries(address)).toEqual({
      program: "B",
      time: "1.003200000",
      from: "0.500000000",
      to: "1.500000000",
    });
  });

  test("is worked with the keyboard alone", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const reached = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.count()) === 0) break;
      const label = (await focused.getAttribute("aria-label")) ?? (await focused.innerText());
      reached.add(label.trim());
    }
    for (const name of [
      "+ Add",
      "▶ Run",
      "More about A",
      "Source of A: blocking.ts",
      "Output of A",
      "Source of B: cooperative.ts",
      "▶ Play",
      "One step forwards",
      "Moment",
      "A at the cursor",
    ]) {
      expect([...reached]).toContain(name);
    }
  });

  test("says the moment in words to those who can't see it", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.keyboard.press("b");
    await eventually(() => moment(page, "A").getByRole("status").innerText()).toMatch(
      /^Task-2 sum A: blocks the thread in Atomics\.wait[^]*; ready Task-3 sum B; timers none; waiting Task-1 main\.$/,
    );
  });

  test("tells what blocks from what runs by more than colour", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.keyboard.press("b");
    expect(await moment(page, "A").locator(".sign").innerText()).toBe("■");
    await page.keyboard.press("End");
    expect(await moment(page, "A").locator(".sign").innerText()).toBe("○");
  });

  test("is smooth with 100,000 steps", async () => {
    const trace = randomTrace(1, { steps: 100_000, tasks: 300, blocked: 0.0003 });
    const summary = summarise(trace);
    const { page, faults } = await open({
      hello: { shown: 1 },
      answer: ({ slot, run }) => ranAs(slot, run, trace, summary),
    });
    await recorded(page, 1);
    await page.locator(".stage").focus();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const scripting = async (): Promise<number> => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "ScriptDuration")!.value;
    };
    for (const key of ["+", "ArrowRight", "n"]) await page.keyboard.press(key);
    const before = await scripting();
    await page.evaluate(`new Promise((resolve) => {
      let frames = 0;
      requestAnimationFrame(function frame() {
        if (++frames > 60) return resolve();
        const key = frames % 20 < 10 ? "+" : "-";
        document.querySelector(".stage").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        requestAnimationFrame(frame);
      });
    })`);
    // A frame has 20 ms. The time that the page's own script takes does not hang on how busy the machine is; not much.
    expect((await scripting()) - before).toBeLessThan(60 * 0.02);
    await page.keyboard.press("Home");
    const lanes = (): Promise<string> => page.locator(".pane-title .range").innerText();
    const above = await lanes();
    await page.keyboard.press("PageDown");
    await eventually(lanes).not.toBe(above);
    const { x, y } = await pointIn(page, 0, 1, 0.5);
    await page.mouse.click(x, y);
    expect(await moment(page, "A").innerText()).toMatch(/Waiting \d+/);
    await picture(page, "100000-steps", false);
    expect(faults).toEqual([]);
  });
});
