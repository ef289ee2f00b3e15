import { describe, expect, test } from "vitest";
import type { EndedMessage, RunMessage } from "./protocol.ts";
import { ranWell } from "./testing/notes-programs.ts";
import { addressOf, eventually, picture, program, recorded, studioForTests } from "./testing/studio-page.ts";

const { missing, open } = await studioForTests();

const FILE = "/tmp/blocking.ts";
const ended = ({ slot, run }: RunMessage, fields: Partial<EndedMessage> = {}): EndedMessage => ({
  type: "ended",
  slot,
  run,
  exitCode: 1,
  signal: null,
  stopped: false,
  recorded: false,
  error: null,
  ...fields,
});

describe.skipIf(missing)("edit and run", { timeout: 60_000 }, () => {
  test("what is run is what stands in the editor", async () => {
    const { page, server } = await open({ hello: { shown: 1 } });
    await recorded(page, 1);
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("// Edited\n");
    expect(await program(page, "A").locator(".badge", { hasText: "edited" }).count()).toBe(1);
    await page.keyboard.press("Control+Enter");
    await eventually(() => server.heard.length).toBe(2);
    const last = server.heard.at(-1) as RunMessage;
    expect(last.source).toMatch(/^\/\/ Edited\n\/\/ Case 2/);
    expect(last.run).not.toBe((server.heard[0] as RunMessage).run);
    await eventually(() => program(page, "A").locator(".badge", { hasText: "edited" }).count()).toBe(0);
  });

  test("runs under virtual time where that is chosen", async () => {
    const { page, server } = await open({ hello: { shown: 1 } });
    await recorded(page, 1);
    await page.getByLabel("More about A").click();
    await page.getByLabel("virtual time").check();
    await page.getByRole("button", { name: "▶ Run" }).click();
    await eventually(() => server.heard.length).toBe(2);
    expect(server.heard.map((message) => message.type === "run" && message.virtual)).toEqual([false, true]);
  });

  test("output comes while it runs; what is on stderr is told apart; what is left out is said", async () => {
    let asked: RunMessage | undefined;
    const { page, server } = await open({ hello: { shown: 1 }, answer: (run) => ((asked = run), []) });
    await page.getByText("so far").waitFor();
    const { slot, run } = asked!;
    server.say({ type: "started", slot, run, file: FILE, pid: 1 });
    server.say({ type: "output", slot, run, stream: "stdout", text: "one\n", at: 0 });
    const output = page.locator(".output");
    await eventually(() => output.innerText()).toContain("one");
    server.say({ type: "output", slot, run, stream: "stderr", text: "two\n", at: 0 });
    server.say({ type: "cut", slot, run, stream: "stdout", limit: 100_000 });
    await eventually(() => output.locator(".stderr").innerText()).toBe("two\n");
    expect(await output.locator(".stderr").getAttribute("title")).toBe("on stderr");
    await eventually(() => output.innerText()).toContain(
      "the rest of stdout is left out: more than 100,000 characters",
    );
    await picture(page, "running");
  });

  test("an endless program can be stopped", async () => {
    let asked: RunMessage | undefined;
    const { page, server } = await open({ hello: { shown: 1 }, answer: (run) => ((asked = run), []) });
    await page.getByRole("button", { name: "Stop" }).click();
    await eventually(() => server.heard.at(-1)).toEqual({ type: "stop", slot: 0 });
    expect(await page.getByRole("button", { name: "Stopping…" }).isDisabled()).toBe(true);
    server.say(ended(asked!, { exitCode: null, signal: "SIGKILL", stopped: true }));
    await eventually(() => page.locator(".output").innerText()).toContain("stopped (SIGKILL)");
    expect(await page.getByRole("button", { name: "▶ Run" }).isEnabled()).toBe(true);
  });

  test("an error is shown at its line", async () => {
    const message = "SyntaxError: Unexpected token ')'";
    const { page } = await open({
      hello: { shown: 1 },
      answer: (run) => [
        { type: "started", slot: run.slot, run: run.run, file: FILE, pid: 1 },
        ended(run, { exitCode: null, error: { message, file: FILE, line: 11, column: 7 } }),
      ],
    });
    await page.locator(".cm-content").waitFor();
    expect(await page.locator(".program-card .error").innerText()).toContain(`${message} at line 11, column 7`);
    expect(await page.locator(".cm-line.line-fails").innerText()).toContain("for (const number of numbers)");
    expect(await page.locator(".error-text").innerText()).toBe(message);
    await picture(page, "error");
  });

  test("an error in another file is named with that file", async () => {
    const { page } = await open({
      hello: { shown: 1 },
      answer: (run) => [
        { type: "started", slot: run.slot, run: run.run, file: FILE, pid: 1 },
        ended(run, { error: { message: "Error: boom", file: "/tmp/lib/other.ts", line: 3, column: 9 } }),
      ],
    });
    await eventually(() => page.locator(".program-card .error").innerText()).toContain("at /tmp/lib/other.ts:3:9");
    await page.locator(".cm-content").waitFor();
    expect(await page.locator(".line-fails").count()).toBe(0);
  });

  test("what the server says of an earlier run is left out", async () => {
    const asked: RunMessage[] = [];
    const { page, server } = await open({ hello: { shown: 1 }, answer: (run) => (asked.push(run), []) });
    await page.getByRole("button", { name: "Stop" }).waitFor();
    server.say(ended(asked[0]!));
    await page.getByRole("button", { name: "▶ Run" }).click();
    await eventually(() => asked.length).toBe(2);
    const { slot, run } = asked[0]!;
    server.say({ type: "output", slot, run, stream: "stdout", text: "late\n", at: 0 });
    server.say({ type: "output", slot, run: asked[1]!.run, stream: "stdout", text: "new\n", at: 0 });
    await eventually(() => page.locator(".output").innerText()).toBe("new\n");
  });

  test("a program without a recording says so, and the others keep theirs", async () => {
    const { page } = await open({ answer: (run) => (run.slot === 0 ? [ended(run, { exitCode: 0 })] : ranWell(run)) });
    await recorded(page, 1);
    expect(await program(page, "A").locator(".figures").innerText()).toBe("Not recorded");
    expect(await page.locator(".pane-title").innerText()).toContain("cooperative.ts");
  });

  test("when the command has ended, the page says so, and keeps what was recorded", async () => {
    const { page, server } = await open({ hello: { shown: 1 } });
    await recorded(page, 1);
    await server.close();
    expect(await page.locator(".notice").innerText()).toContain("has ended");
    expect(await page.getByRole("button", { name: "▶ Run" }).isDisabled()).toBe(true);
    await page.keyboard.press("n");
    expect((await addressOf(page)).get("step")).toBe("0");
  });
});
