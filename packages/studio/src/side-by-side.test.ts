import { describe, expect, test } from "vitest";
import {
  addressOf,
  eventually,
  moment,
  picture,
  pointIn,
  program,
  recorded,
  studioForTests,
} from "./testing/studio-page.ts";

const { missing, open } = await studioForTests();

describe.skipIf(missing)("programs side by side", { timeout: 60_000 }, () => {
  test("are run at once, and show source, output, and what they took", async () => {
    const { page, server, faults } = await open();
    await recorded(page, 2);
    const [a, b] = [program(page, "A"), program(page, "B")];
    expect(await a.locator(".figures").innerText()).toMatch(
      /5\.02 s\s+taken\s+5\.00 s\s+blocked\s+3\.01 s\s+if it yielded/,
    );
    expect(await b.locator(".figures").innerText()).toMatch(
      /3\.01 s\s+taken\s+0 s\s+blocked\s+3\.01 s\s+if it yielded/,
    );
    expect(await a.locator(".cm-content").innerText()).toContain("Atomics.wait(");
    expect(await b.locator(".output").innerText()).toMatch(/Task B: Computing 0\+1[^]*3\.01 sec[^]*exit code 0/);
    expect(server.heard.map((message) => message.type)).toEqual(["run", "run"]);
    await picture(page, "side-by-side");
    expect(faults).toEqual([]);
  });

  test("are on one time axis: what moves one moves the other", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const { x, y } = await pointIn(page, 1, 2, 0.5);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    const address = await addressOf(page);
    const [from, to] = [Number(address.get("from")), Number(address.get("to"))];
    expect(from).toBeGreaterThan(0.5);
    expect(to).toBeLessThan(4.5);
    // Both timelines have the same time under the same pixel.
    const timeUnder = async (pane: number): Promise<string | null> => {
      const point = await pointIn(page, pane, 1, 0.5);
      await page.mouse.move(point.x, point.y);
      return await page.locator(".hair:not(.cursor)").getAttribute("data-time");
    };
    expect(await timeUnder(0)).toBe(await timeUnder(1));
    await page.keyboard.press("0");
    expect((await addressOf(page)).get("from")).toBeNull();
  });

  test("say what the pointer is over", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const tip = async (pane: number, lane: number, share: number): Promise<string> => {
      const { x, y } = await pointIn(page, pane, lane, share);
      await page.mouse.move(x, y);
      return await page.locator(".tip").innerText();
    };
    expect(await tip(0, 2, 0.1)).toMatch(/^Task-2: blocked 1\.00 s in Atomics\.wait\s+at blocking\.ts:6:11$/);
    expect(await tip(0, 3, 0.1)).toMatch(/^Task-3\s+ready, waited 2\.00 s for its turn$/);
    expect(await tip(1, 2, 0.1)).toMatch(/^Task-2\s+waits for a sleep until 1\.00 s$/);
    expect(await tip(1, 0, 0.1)).toMatch(/^loop\s+nothing runs$/);
  });

  test("show what each would have been, had it yielded", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.getByRole("button", { name: "What-if" }).click();
    await eventually(() => page.locator(".pane").count()).toBe(3);
    // Only what was blocked would have been another.
    expect(await page.locator(".pane-title").allInnerTexts()).toEqual([
      expect.stringContaining("blocking.ts"),
      expect.stringMatching(/^If it had yielded\s*3\.01 s/),
      expect.stringContaining("cooperative.ts"),
    ]);
    const { x, y } = await pointIn(page, 1, 2, 0.1);
    await page.mouse.move(x, y);
    expect(await page.locator(".tip").innerText()).toMatch(
      /^Task-2\s+away 1\.00 s: what blocked, now beside the thread$/,
    );
    await page.mouse.click(x, y);
    expect(await moment(page, "A").locator(".baton").innerText()).toContain("Task-2 sum A runs");
    await picture(page, "what-if");
    await page.keyboard.press("w");
    await eventually(() => page.locator(".pane").count()).toBe(2);
  });

  test("are up to four, which come and go", async () => {
    const { page } = await open();
    await recorded(page, 2);
    for (const name of ["blocking.ts", "cooperative.ts"]) {
      await page.getByRole("button", { name: "+ Add" }).click();
      await page.locator("#add-menu").getByRole("button", { name, exact: true }).click();
    }
    await recorded(page, 4);
    expect(await page.getByRole("button", { name: "+ Add" }).isDisabled()).toBe(true);
    await picture(page, "four-programs");
    await program(page, "A").getByLabel("More about A").click();
    await program(page, "A").getByRole("button", { name: "Close" }).click();
    await eventually(() => page.locator(".pane").count()).toBe(3);
    expect(await page.locator(".program-card .letter").allInnerTexts()).toEqual(["B", "C", "D"]);
    expect(await moment(page, "A").count()).toBe(0);
  });

  test("of which none is left leave a page that says how to go on", async () => {
    const { page } = await open({ hello: { shown: 0 } });
    expect(await page.getByRole("main").innerText()).toContain("No program is shown");
  });

  test("alone, one has its output beside its source", async () => {
    const { page } = await open({ hello: { shown: 1 } });
    await recorded(page, 1);
    const source = (await page.locator(".source").boundingBox())!;
    const output = (await page.locator(".output").boundingBox())!;
    expect(output.x).toBeGreaterThanOrEqual(source.x + source.width - 1);
    await picture(page, "one-program");
  });
});
