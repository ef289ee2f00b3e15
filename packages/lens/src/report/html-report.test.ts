import { describe, expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { htmlReport } from "./html-report.ts";
import { openReport, screenshot } from "./testing/browser.ts";
import { blockingRun, cooperativeRun } from "./testing/notes-traces.ts";
import { randomTrace } from "./testing/random-trace.ts";
import { browserForTests, hover, pixels, selected, windowOf } from "./testing/report-page.ts";
import { step, stretch, summaryOf, task, traceOf } from "./testing/trace-builder.ts";

const { browser, missing } = await browserForTests();
const blocking = (): string => htmlReport(blockingRun().trace, blockingRun().summary);
const reportOf = (trace: Trace): string => htmlReport(trace, summaryOf(trace));

describe.skipIf(missing)("the report in a browser", { timeout: 60_000 }, () => {
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

  test("the line to blame is marked in its source", async () => {
    const { page } = await openReport(browser, blocking());
    const line = page.locator(".line.blamed");
    expect(await line.innerText()).toMatch(/▶ 6\s+Atomics\.wait\(/);
    expect(await page.locator(".card.blocked").innerText()).toContain("5 times, 1.00 s at most");
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
      "0 s",
      "3.00 s",
      "result",
      "examples/blocking.ts:19:73",
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
    const dropped = { steps: 1200, tasks: 0, passages: 0, completeFrom: 1.5 };
    const { page } = await openReport(browser, reportOf({ ...blockingRun().trace, dropped }));
    expect(await page.locator("header .dropped").innerText()).toMatch(/1,200 older steps.*complete from 1\.50 s/);
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
    expect(await page.evaluate<boolean>("'broken' in globalThis")).toBe(false);
    expect([...requests, ...faults]).toEqual([]);
  });

  test("10,000 tasks: only what is in sight is made, and each can be reached", async () => {
    const { page, faults } = await openReport(browser, reportOf(randomTrace(5, { tasks: 10_000, steps: 40_000 })));
    expect(await page.locator("*").count()).toBeLessThan(600);
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
    expect(await page.locator("h1").innerText()).toBe("0 s taken, never blocked");
    await page.locator(".stage").focus();
    for (const key of ["n", "p", "b", "+", "ArrowDown", "Enter", "End"]) await page.keyboard.press(key);
    expect(faults).toEqual([]);
  });

  test("follows the system to dark, also while it is open", async () => {
    const { page } = await openReport(browser, blocking(), { colorScheme: "dark" });
    const ground = () => page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
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
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
    expect(await hover(page, 0, 2, 0.1)).toContain("Task-2");
  });
});
