import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { step, summaryOf, task, traceOf } from "../../lens/src/report/testing/trace-builder.ts";
import { BLOCKING, ranAs } from "./testing/notes-programs.ts";
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

describe.skipIf(missing)("stepping", { timeout: 60_000 }, () => {
  test("forwards and back, step by step, shows who holds the baton and the line that runs", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.getByRole("button", { name: "One step forwards" }).click();
    expect(await moment(page, "A").innerText()).toMatch(/Task-1 main runs/);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    expect(await moment(page, "A").innerText()).toMatch(/Task-3 sum B runs/);
    await page.keyboard.press("p");
    expect(await moment(page, "A").innerText()).toMatch(/Task-2 sum A runs/);
    expect(await page.locator(".step-count").innerText()).toBe("A: step 2 of 6");
    await page.keyboard.press("2");
    await page.keyboard.press("n");
    expect(await page.locator(".step-count").innerText()).toMatch(/^B: step/);
    expect(await program(page, "B").locator(".cm-line.line-runs").innerText()).toContain("await asyncio.sleep(1)");
    await picture(page, "stepping");
  });

  test("at a moment in which the thread is blocked, the line to blame is marked, and who waits is named", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const { x, y } = await pointIn(page, 0, 2, 0.1);
    await page.mouse.click(x, y);
    expect(await moment(page, "A").innerText()).toMatch(
      /Task-2 sum A blocks the thread in Atomics\.wait: 0\.\d+ s of 1\.00 s/,
    );
    expect(await moment(page, "A").locator(".place").innerText()).toBe("blocking.ts:6:11");
    expect(await program(page, "A").locator(".cm-line.line-blocks").innerText()).toContain("Atomics.wait(");
    expect(await program(page, "A").locator(".signs").innerText()).toContain("■");
    expect(await moment(page, "A").innerText()).toMatch(/Ready 1\s+Task-3 sum B/);
    expect(await moment(page, "A").innerText()).toMatch(/Waiting 1\s+Task-1 main for 2 tasks/);
  });

  test("at the same moment the cooperative program has timers, and nobody holds the baton", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const { x, y } = await pointIn(page, 0, 2, 0.1);
    await page.mouse.click(x, y);
    const text = await moment(page, "B").innerText();
    expect(text).toMatch(/Nobody the loop waits/);
    expect(text).toMatch(/Timers 2\s+Task-2 sum A in 0\.\d+ s \(set for [^)]*\)\s+Task-3 sum B in/);
    expect(text).toMatch(/Waiting 3\s+Task-1 main for 2 tasks/);
    expect(await program(page, "B").locator(".signs").innerText()).toContain("○");
  });

  test("a name in a list leads to its step", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const { x, y } = await pointIn(page, 0, 2, 0.1);
    await page.mouse.click(x, y);
    await moment(page, "A").getByRole("button", { name: "Task-3 sum B" }).click();
    expect(await moment(page, "A").innerText()).toMatch(/Task-3 sum B runs/);
  });

  test("plays in time, at a pace, and pauses", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const time = async (): Promise<number> => Number.parseFloat(await page.locator("output.time").innerText());
    await page.keyboard.press("]");
    expect(await page.getByLabel("Pace").locator("option:checked").innerText()).toBe("all in 5 seconds");
    await page.keyboard.press(" ");
    await eventually(time).toBeGreaterThan(0.3);
    await page.keyboard.press(" ");
    const paused = await time();
    await page.waitForTimeout(300);
    expect(await time()).toBe(paused);
    await page.keyboard.press("End");
    expect(await moment(page, "B").innerText()).toContain("the run ended at 3.01 s");
  });

  test("plays step by step", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.getByLabel("Pace").selectOption("5 steps a second");
    await page.getByRole("button", { name: "Play" }).click();
    await eventually(() => page.locator(".step-count").innerText()).toBe("A: step 3 of 6");
    expect(await moment(page, "A").innerText()).toMatch(/runs|blocks/);
  });

  test("goes through steps of one time, as a virtual clock has them", async () => {
    const steps = [0, 1, 2].map((index) => step(index + 1, 1, 1, { ready: 1, by: index - 1, then: "done" }));
    const tasks = [1, 2, 3].map((id) => task(id, `Task-${id}`, { done: 1 }));
    const trace = traceOf({ duration: 2, tasks, steps });
    const { page } = await open({
      hello: { shown: 1 },
      answer: ({ slot, run }) => ranAs(slot, run, trace, summaryOf(trace)),
    });
    await recorded(page, 1);
    for (const name of ["Task-1", "Task-2", "Task-3"]) {
      await page.keyboard.press("n");
      expect(await moment(page, "A").locator(".baton").innerText()).toContain(`${name} runs`);
    }
    await page.keyboard.press("p");
    expect(await moment(page, "A").locator(".baton").innerText()).toContain("Task-2 runs");
    expect((await addressOf(page)).get("step")).toBe("1");
  });

  test("shows the file in which a line is, where that is another", async () => {
    const other = { function: "fetchUser", file: "/home/ada/notes/lib/users.ts", line: 2, column: 3 };
    const trace = traceOf({
      duration: 2,
      tasks: [task(1, "main", { done: 2 })],
      steps: [step(1, 0, 1, { at: other }), step(1, 1, 2, { then: "done" })],
      sources: [
        { file: "/home/ada/notes/main.ts", text: "await run(main);\n" },
        { file: other.file, text: "// Users\nawait fetchUser();\n" },
      ],
    });
    const { page } = await open({
      hello: { shown: 1 },
      answer: ({ slot, run }) => ranAs(slot, run, trace, summaryOf(trace)),
    });
    await recorded(page, 1);
    await page.keyboard.press("n");
    await moment(page, "A").getByRole("button", { name: "lib/users.ts:2:3" }).click();
    await eventually(() => page.locator(".cm-line.line-runs").innerText()).toBe("await fetchUser();");
    expect(await page.getByLabel("File").inputValue()).toBe(other.file);
    await page.getByLabel("File").selectOption("blocking.ts");
    await eventually(() => page.locator(".cm-content").innerText()).toContain("Case 2 of 3");
  });

  test("goes from blocked stretch to blocked stretch", async () => {
    const { page } = await open();
    await recorded(page, 2);
    await page.keyboard.press("b");
    await page.keyboard.press("b");
    expect(await page.locator("output.time").innerText()).toBe("1.0035 s");
    await page.keyboard.press("B");
    expect(await page.locator("output.time").innerText()).toBe("0.0030 s");
  });

  test("a drag over the ruler moves the cursor, and keys in a source don't", async () => {
    const { page } = await open();
    await recorded(page, 2);
    const { x } = await pointIn(page, 0, 0, 0.5);
    const ruler = (await page.locator(".ruler").boundingBox())!;
    await page.mouse.move(x, ruler.y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 40, ruler.y + 10);
    await page.mouse.up();
    const time = await page.locator("output.time").innerText();
    expect(Number.parseFloat(time)).toBeGreaterThan(2.5);
    await page.locator(".cm-content").first().click();
    await page.keyboard.type("n ");
    expect(await page.locator("output.time").innerText()).toBe(time);
  });
});

describe.skipIf(missing)("a saved trace", { timeout: 60_000 }, () => {
  const drop = async (page: Page, name: string, text: string): Promise<void> => {
    const file = `new File([${JSON.stringify(text)}], ${JSON.stringify(name)})`;
    const dataTransfer = await page.evaluateHandle(
      `(() => { const data = new DataTransfer(); data.items.add(${file}); return data; })()`,
    );
    await page.dispatchEvent(".page", "dragover", { dataTransfer });
    await page.dispatchEvent(".page", "drop", { dataTransfer });
  };

  test("that is dropped on the page is shown with its source, and can be stepped through", async () => {
    const { page, faults } = await open({ hello: { shown: 0 } });
    await page.getByText("No program is shown").waitFor();
    await drop(page, "run.trace.json", JSON.stringify(BLOCKING.trace));
    await recorded(page, 1);
    expect(await page.locator(".figures").innerText()).toMatch(/5\.02 s\s+taken\s+5\.00 s\s+blocked/);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    await page.keyboard.press("b");
    expect(await page.locator(".cm-line.line-blocks").innerText()).toContain("Atomics.wait(");
    await picture(page, "saved-trace");
    expect(faults).toEqual([]);
  });

  test("comes back as it was saved", async () => {
    const { page } = await open({ hello: { shown: 1 } });
    await recorded(page, 1);
    await page.getByLabel("More about A").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save trace" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("blocking.ts.trace.json");
    expect(JSON.parse(readFileSync(await download.path(), "utf8"))).toEqual(BLOCKING.trace);
  });

  test("that is none is refused, and it is said why", async () => {
    const { page, faults } = await open({ hello: { shown: 0 } });
    await page.getByText("No program is shown").waitFor();
    await drop(page, "notes.txt", "Dear diary");
    await eventually(() => page.locator(".notice").innerText()).toContain("notes.txt can’t be shown: it is not JSON");
    await drop(page, "perfetto.json", JSON.stringify({ traceEvents: [] }));
    await page.getByText("for Perfetto").waitFor();
    expect(await page.locator(".pane").count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
