import { describe, expect, test } from "vitest";
import { htmlReport } from "./html-report.ts";
import { openReport } from "./testing/browser.ts";
import { blockingRun, cooperativeRun } from "./testing/notes-traces.ts";
import { browserForTests, focusedLabel, pointIn, selected, windowOf } from "./testing/report-page.ts";

const { browser, missing } = await browserForTests();
const blocking = (): string => htmlReport(blockingRun().trace, blockingRun().summary);

describe.skipIf(missing)("the report under keys and pointers", { timeout: 60_000 }, () => {
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
    expect(await selected(page).innerText()).toMatch(/a timer of 1\.00.s fired/);
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
    expect(await page.locator(":focus").getAttribute("class")).toBe("stage");
  });

  test("the tab key passes through everything and gets out of the timeline", async () => {
    const { page } = await openReport(browser, blocking());
    const seen: string[] = [];
    for (let press = 0; press < 20; press++) {
      await page.keyboard.press("Tab");
      if ((await page.locator(":focus").count()) === 0) break;
      seen.push(await focusedLabel(page));
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
});
