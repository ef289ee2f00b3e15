import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { htmlReport } from "./html-report.ts";
import { openReport, screenshot, startBrowser } from "./testing/browser.ts";
import { blockingRun, cooperativeRun } from "./testing/notes-traces.ts";
import { randomTrace } from "./testing/random-trace.ts";
import { step, stretch, summaryOf, task, traceOf } from "./testing/trace-builder.ts";

const started = await startBrowser();
const missing = "missing" in started ? started.missing : null;
const browser = started as Browser;
if (missing !== null) console.warn(`SKIPPED: the report in a browser. No Chromium could be started here: ${missing}`);

afterEach(async () => {
  if (missing === null) await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  if (missing === null) await browser.close();
});

const blocking = (): string => htmlReport(blockingRun().trace, blockingRun().summary);
const reportOf = (trace: Trace): string => htmlReport(trace, summaryOf(trace));
const selected = (page: Page) => page.locator(".details-body");

/** The window that the address names, after it has come to rest. */
async function windowOf(page: Page): Promise<{ from: number; to: number }> {
  await page.waitForTimeout(400);
  const parts = new URLSearchParams(new URL(page.url()).hash.slice(1));
  return { from: Number(parts.get("from") ?? 0), to: Number(parts.get("to") ?? Infinity) };
}

/** The middle of a lane of a pane: 0 as it ran, 1 the what-if. `share` of the time axis from the left. */
async function pointIn(page: Page, pane: number, lane: number, share: number): Promise<{ x: number; y: number }> {
  const box = (await page.locator(".lanes").nth(pane).boundingBox())!;
  const left = Math.round(Math.min(190, box.width * 0.3));
  return { x: box.x + left + (box.width - left) * share, y: box.y + lane * 32 + 16 };
}

async function hover(page: Page, pane: number, lane: number, share: number): Promise<string> {
  const { x, y } = await pointIn(page, pane, lane, share);
  await page.mouse.move(x, y);
  return await page.locator(".tip").innerText();
}

/** How many pixels of a pane have about the colour of a variable of the style sheet. */
async function pixels(page: Page, pane: number, variable: string): Promise<number> {
  return await page.evaluate(
    ([index, name]) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>(".lanes canvas")[index]!;
      const probe = document.createElement("canvas").getContext("2d")!;
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
      probe.fillRect(0, 0, 1, 1);
      const wanted = probe.getImageData(0, 0, 1, 1).data;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        if ([0, 1, 2].every((channel) => Math.abs(data[at + channel]! - wanted[channel]!) < 6)) count++;
      }
      return count;
    },
    [pane, variable] as const,
  );
}

describe.skipIf(missing !== null)("the report in a browser", { timeout: 60_000 }, () => {
  test("opens as a file, asks for nothing else, and says what the run came to", async () => {
    const { page, requests, faults } = await openReport(browser, blocking());
    expect(await page.locator("h1").innerText()).toBe("5.02 s taken, blocked for 5.00 s; 3.01 s if it yielded");
    expect(await page.title()).toContain("5.02 s taken");
    await screenshot(page, "light");
    expect(requests).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("has a lane for the loop and for each task, with what each does and waits for", async () => {
    const { page } = await openReport(browser, blocking());
    expect(await hover(page, 0, 0, 0.1)).toContain("loop: blocked 1.00 s in Atomics.wait");
    expect(await hover(page, 0, 1, 0.5)).toMatch(/Task-1 main\n+waits for 2 tasks, 5\.01 s/);
    expect(await hover(page, 0, 2, 0.1)).toMatch(
      /Task-2 sum A: blocked 1\.00 s.*\n+at sleep \(examples\/blocking\.ts:6:11\)/,
    );
    expect(await hover(page, 0, 3, 0.2)).toMatch(/Task-3 sum B\n+ready, waited 2\.00 s for its turn/);
  });

  test("what blocks is marked, and the what-if under it is not", async () => {
    const { page } = await openReport(browser, blocking());
    await page.waitForTimeout(100);
    for (const variable of ["--blocked", "--blocked-ink"]) {
      expect(await pixels(page, 0, variable)).toBeGreaterThan(3000);
      expect(await pixels(page, 1, variable)).toBe(0);
    }
    expect(await hover(page, 1, 2, 0.1)).toMatch(/away 1\.00 s/);
    expect(await page.locator(".pane-title").nth(1).innerText()).toContain("3.01 s");
  });

  test("a run that was never blocked has no what-if", async () => {
    const { trace, summary } = cooperativeRun();
    const { page } = await openReport(browser, htmlReport(trace, summary));
    expect(await page.locator(".pane").count()).toBe(1);
    expect(await hover(page, 0, 2, 0.1)).toContain("waits for a sleep until 1.00 s");
    await screenshot(page, "cooperative");
  });

  test("keys select blocked stretches and steps, and the panel says what they are", async () => {
    const { page } = await openReport(browser, blocking());
    await page.locator(".stage").focus();
    await page.keyboard.press("b");
    expect(await selected(page).innerText()).toContain("blocked 1.00 s in Atomics.wait");
    expect(await selected(page).innerText()).toContain("sleep (examples/blocking.ts:6:11)");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    expect(await selected(page).innerText()).toContain("Task-1");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("n");
    expect(await selected(page).innerText()).toContain("Task-2, step 2 of the run");
    await page.keyboard.press("Escape");
    expect(await selected(page).innerText()).not.toContain("Task-2");
  });

  test("the steps before and after are those of the lane", async () => {
    const { trace, summary } = cooperativeRun();
    const { page } = await openReport(browser, htmlReport(trace, summary));
    await page.locator(".stage").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "n", "n"]) await page.keyboard.press(key);
    expect(await selected(page).innerText()).toContain("Task-3, step 5 of the run");
    expect(await selected(page).innerText()).toMatch(/a timer of 999.ms fired/);
    await page.keyboard.press("p");
    expect(await selected(page).innerText()).toContain("Task-3, step 3 of the run");
  });

  test("a click selects, and a link in the panel leads to the step that woke it", async () => {
    const { page } = await openReport(browser, blocking());
    const { x, y } = await pointIn(page, 0, 3, 0.2);
    await page.mouse.click(x, y);
    expect(await selected(page).innerText()).toMatch(/Task-3, step 3 .*made by Task-1/s);
    await selected(page).getByRole("button", { name: "Task-1" }).click();
    expect(await selected(page).innerText()).toContain("Task-1, step 1");
  });

  test("zooms and pans by keys, buttons, wheel and drag", async () => {
    const { page } = await openReport(browser, blocking());
    await page.locator(".stage").focus();
    await page.keyboard.press("+");
    const byKey = await windowOf(page);
    expect(byKey.to - byKey.from).toBeCloseTo(5.02 / 1.6, 5);
    await page.keyboard.press("End");
    expect((await windowOf(page)).to).toBeCloseTo(5.02, 5);
    await page.keyboard.press("ArrowLeft");
    expect((await windowOf(page)).to).toBeLessThan(5.0);
    await page.keyboard.press("0");
    expect((await windowOf(page)).to).toBe(Infinity);

    await page.getByRole("button", { name: "Zoom in" }).click();
    const byButton = await windowOf(page);
    expect(byButton.to - byButton.from).toBeLessThan(4);
    await page.getByRole("button", { name: "Show the whole run" }).click();

    const { x, y } = await pointIn(page, 0, 2, 0.5);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -400);
    const byWheel = await windowOf(page);
    expect(byWheel.to - byWheel.from).toBeLessThan(3);
    expect((byWheel.from + byWheel.to) / 2).toBeCloseTo(2.51, 1);

    await page.mouse.down();
    await page.mouse.move(x + 100, y, { steps: 4 });
    await page.mouse.up();
    const dragged = await windowOf(page);
    expect(dragged.from).toBeLessThan(byWheel.from - 0.1);
    expect(dragged.to - dragged.from).toBeCloseTo(byWheel.to - byWheel.from, 5);
  });

  test("two fingers zoom", async () => {
    const { page } = await openReport(browser, blocking(), { hasTouch: true });
    const { x, y } = await pointIn(page, 0, 2, 0.5);
    const session = await page.context().newCDPSession(page);
    const touch = async (type: "touchStart" | "touchMove" | "touchEnd", apart: number): Promise<void> => {
      const touchPoints = apart === 0 ? [] : [x - apart, x + apart].map((at, id) => ({ x: at, y, id }));
      await session.send("Input.dispatchTouchEvent", { type, touchPoints });
    };
    await touch("touchStart", 40);
    for (const apart of [60, 90, 120, 160]) await touch("touchMove", apart);
    await touch("touchEnd", 0);
    const { from, to } = await windowOf(page);
    expect(to - from).toBeLessThan(3);
  });

  test("a warning leads to its moment", async () => {
    const { page } = await openReport(browser, blocking());
    expect(await page.locator(".card.warning").innerText()).toContain("TW001");
    await page.getByRole("button", { name: "Show TW001 on the timeline" }).press("Enter");
    expect(await selected(page).innerText()).toContain("blocked 1.00 s in Atomics.wait");
    expect(await page.evaluate(() => document.activeElement!.className)).toBe("stage");
  });

  test("the line to blame is marked in its source", async () => {
    const { page } = await openReport(browser, blocking());
    const line = page.locator(".line.blamed");
    expect(await line.innerText()).toMatch(/▶ 6\s+Atomics\.wait\(/);
    expect(await page.locator(".card.blocked").innerText()).toContain("5 times, 1.00 s at most");
  });

  test("the tab key passes through everything and gets out of the timeline", async () => {
    const { page } = await openReport(browser, blocking());
    const seen: string[] = [];
    for (let press = 0; press < 20; press++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => document.activeElement!.ariaLabel ?? document.activeElement!.textContent));
    }
    const order = [
      "Zoom out",
      "Next blocked stretch",
      "Timeline of",
      "Keys and gestures",
      "Previous step",
      "Show the longest",
      "Show TW001",
      "Critical path",
      "Tasks",
    ];
    const places = order.map((wanted) => seen.findIndex((label) => label.startsWith(wanted)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test("the tasks are a table as well", async () => {
    const { page } = await openReport(browser, blocking());
    await page.locator("summary", { hasText: "Tasks" }).click();
    await page.locator("table").last().locator("tbody tr").first().waitFor();
    const rows = await page.locator("table").last().locator("tbody tr").allInnerTexts();
    expect(rows).toHaveLength(3);
    expect(rows[2]!.split("\t").map((cell) => cell.trim())).toEqual([
      "Task-3 sum B",
      "1",
      "3.01 s",
      "2.00 s",
      "0 ns",
      "3.00 s",
      "result",
      "examples/blocking.ts:19",
    ]);
  });

  test("the critical path is a table as well", async () => {
    const { page } = await openReport(browser, blocking());
    await page.locator("summary", { hasText: "Critical path" }).click();
    await page.locator("table").first().locator("tbody tr").first().waitFor();
    const rows = await page.locator("table").first().locator("tbody tr").allInnerTexts();
    expect(rows[3]).toMatch(/2\.0050 s\s+3\.00 s\s+Task-3\s+blocked/);
  });

  test("what was dropped is said first", async () => {
    const dropped = { steps: 1200, tasks: 0, completeFrom: 1.5 };
    const { page } = await openReport(browser, reportOf({ ...blockingRun().trace, dropped }));
    expect(await page.locator("header .dropped").innerText()).toMatch(/1,200 older steps.*complete from 1\.50 s/);
  });

  test("an address leads back to the moment", async () => {
    const { page } = await openReport(browser, blocking(), {}, "#from=1&to=2&blocked=1");
    expect(await selected(page).innerText()).toMatch(/from 1\.0035.s to/);
    expect(await windowOf(page)).toEqual({ from: 1, to: 2 });
  });

  test("an address that makes no sense does no harm", async () => {
    const { page, faults } = await openReport(browser, blocking(), {}, "#from=x&to=-5&step=99999&task=-1&blocked=1e9");
    expect(await page.locator("h1").innerText()).toContain("5.02 s");
    expect(faults).toEqual([]);
  });

  test("names, places and source that look like markup stay text", async () => {
    const evil = `</script></style><img src=x onerror="globalThis.broken=1"><!--<script>\u2028\`"'&`;
    const frame = { function: evil, file: `/${evil}`, line: 1, column: 1 };
    const trace = traceOf({
      program: { ...blockingRun().trace.program, file: evil, args: [evil] },
      duration: 2,
      tasks: [task(1, evil, { coro: evil, madeAt: frame, waitsFor: evil, error: evil })],
      steps: [step(1, 0, 1, { on: evil }), step(null, 1, 2, { callback: evil })],
      blocked: [stretch(0, 1, { step: 0, task: 1, blame: frame, called: evil, stack: [frame] })],
      errors: [{ at: 1, message: evil, error: evil, task: 1 }],
    });
    const summary = summaryOf(trace, {
      blocked: {
        seconds: 1,
        stretches: 1,
        lines: [
          {
            blame: frame,
            called: evil,
            kind: "cpu",
            seconds: 1,
            times: 1,
            longest: 1,
            tasks: [evil],
            ready: { most: 0, seconds: 0 },
            source: { first: 1, lines: [evil] },
          },
        ],
      },
      warnings: [{ code: evil, title: evil, message: evil, remedy: evil, at: frame, tasks: [1] }],
      hints: [{ code: evil, message: evil, seconds: 1, tasks: [1] }],
    });
    const { page, requests, faults } = await openReport(browser, htmlReport(trace, summary));
    await page.locator(".stage").focus();
    await page.keyboard.press("b");
    await hover(page, 0, 1, 0.1);
    for (const summaryLine of await page.locator(".fold summary").all()) await summaryLine.click();
    expect(await page.locator(".line.blamed mark").textContent()).toBe(evil);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => "broken" in globalThis)).toBe(false);
    expect([...requests, ...faults]).toEqual([]);
  });

  test("10,000 tasks: only what is in sight is made, and each can be reached", async () => {
    const { page, faults } = await openReport(browser, reportOf(randomTrace(5, { tasks: 10_000, steps: 40_000 })));
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(600);
    expect(await page.locator(".range").innerText()).toMatch(/^lanes 1 to \d+ of 10,001$/);
    await page.getByRole("searchbox").fill("worker-9876");
    expect(await selected(page).innerText()).toContain("worker-9876");
    await expect.poll(() => page.locator(".range").innerText()).toContain("9877");
    await page.locator("summary", { hasText: "Tasks" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(200);
    await page.getByRole("button", { name: /^Show 200 more/ }).click();
    expect(await page.locator("tbody tr").count()).toBe(400);
    await screenshot(page, "10,000-tasks");
    expect(faults).toEqual([]);
  });

  test("100,000 steps: opens, zooms to a single step and back", async () => {
    const { page, faults } = await openReport(browser, reportOf(randomTrace(6, { tasks: 200, steps: 100_000 })));
    await page.locator(".stage").focus();
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    const { from, to } = await windowOf(page);
    expect(to - from).toBeLessThan(0.01);
    expect(await pixels(page, 0, "--run")).toBeGreaterThan(1000);
    await page.keyboard.press("0");
    await screenshot(page, "100,000-steps");
    expect(faults).toEqual([]);
  });

  test("steps without a length, as under a virtual clock, are seen", async () => {
    const steps = [step(null, 1, 1), step(null, 2, 2)];
    const { page } = await openReport(browser, reportOf(traceOf({ duration: 3, steps })));
    await page.waitForTimeout(100);
    expect(await pixels(page, 0, "--run")).toBeGreaterThan(10);
  });

  test("an empty run is a page too", async () => {
    const { page, faults } = await openReport(browser, reportOf(traceOf({ duration: 0 })));
    expect(await page.locator("h1").innerText()).toBe("0 ns taken, never blocked");
    await page.locator(".stage").focus();
    for (const key of ["n", "p", "b", "+", "ArrowDown", "Enter", "End"]) await page.keyboard.press(key);
    expect(faults).toEqual([]);
  });

  test("follows the system to dark, also while it is open", async () => {
    const { page } = await openReport(browser, blocking(), { colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await screenshot(page, "dark");
    await page.waitForTimeout(100);
    expect(await pixels(page, 0, "--blocked")).toBeGreaterThan(3000);
    await page.emulateMedia({ colorScheme: "light" });
    await page.waitForTimeout(100);
    expect(await ground()).not.toBe(dark);
    expect(await pixels(page, 0, "--blocked")).toBeGreaterThan(3000);
  });

  test.each([320, 420, 640])("fits a window of %i pixels", async (width) => {
    const { page } = await openReport(browser, blocking(), { viewport: { width, height: 700 } });
    await screenshot(page, `narrow-${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await hover(page, 0, 2, 0.1)).toContain("Task-2");
  });
});
