/** The warnings on real runs: the programs that earn them, and their neighbours that must not. */
import { describe, expect, test } from "vitest";
import type { BriefSummary } from "@turnwise/lens";
import { ProgramDirectory, runSource, start } from "../testing/program.ts";
import { summaryOf } from "../testing/summary.ts";

type Warning = BriefSummary["warnings"][number];

/** The warnings of a run; without those about the thread, which on a busy machine come by themselves. */
async function warnings(body: string): Promise<Warning[]> {
  const outcome = await runSource(`import * as asyncio from "turnwise";\n${body}`, { flags: ["--json"] });
  return summaryOf(outcome).warnings.filter(({ code }) => code !== "TW001" && code !== "TW002");
}

const codes = (all: readonly Warning[]): string[] => all.map(({ code }) => code);

describe("TW003: an error was lost", () => {
  const LOSES = 'asyncio.createTask(async function upload() { throw new Error("disk full"); });';

  test("a task that nobody awaited", async () => {
    const all = await warnings(`await asyncio.run(async () => { ${LOSES} await asyncio.sleep(0.05); });`);
    expect(all).toMatchObject([{ code: "TW003", message: expect.stringContaining("disk full") as string }]);
    expect(all[0]?.message).toContain("upload");
    expect(all[0]?.tasks).toHaveLength(1);
  });

  test("also where process.exit ended the process", async () => {
    const all = await warnings(
      `await asyncio.run(async () => { ${LOSES} await asyncio.sleep(0.05); process.exit(0); });`,
    );
    expect(codes(all)).toContain("TW003");
  });

  test("not where the task was awaited, cancelled, or its exception was asked for", async () => {
    const all = await warnings(`await asyncio.run(async () => {
      const fails = async () => { throw new Error("heard"); };
      await asyncio.createTask(fails).catch(() => {});
      await asyncio.gather([fails], { returnExceptions: true });
      const asked = asyncio.createTask(fails);
      asked.addDoneCallback((task) => task.exception());
      const cancelled = asyncio.createTask(() => asyncio.sleep(10));
      await asyncio.sleep(0.02);
      cancelled.cancel();
      await asyncio.sleep(0.02);
    });`);
    expect(all).toEqual([]);
  });
});

describe("TW004: tasks were pending at exit", () => {
  test("process.exit while tasks wait: those of one function are one entry", async () => {
    const all = await warnings(`await asyncio.run(async () => {
      const queue = new asyncio.Queue();
      for (let n = 0; n < 5; n++) asyncio.createTask(async function worker() { await queue.get(); });
      await asyncio.sleep(0.02);
      process.exit(0);
    });`);
    expect(codes(all)).toEqual(["TW004"]);
    expect(all[0]?.message).toMatch(/worker × 5/);
  });

  test("not where run() cancelled and awaited them", async () => {
    const all = await warnings(`await asyncio.run(async () => {
      asyncio.createTask(() => asyncio.sleep(100));
      await asyncio.sleep(0.02);
    });`);
    expect(all).toEqual([]);
  });
});

const DEADLOCK = `import * as asyncio from "turnwise";
const [a, b] = [new asyncio.Lock(), new asyncio.Lock()];
const both = (one, other) => one.with(async () => {
  await asyncio.sleep(0.05);
  console.log("waits");
  await other.with(async () => {});
});
async function first() { await both(a, b); }
async function second() { await both(b, a); }
await asyncio.run(() => asyncio.gather(first, second));`;

describe("TW005: a deadlock", () => {
  test.skipIf(process.platform === "win32")("ended by Ctrl-C: the circle is named", async () => {
    using directory = new ProgramDirectory({ "program.mjs": DEADLOCK });
    const { child, outcome, printed } = start(["run", "--json", "--summary", "program.mjs"], { cwd: directory.path });
    await printed("waits\nwaits");
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill("SIGINT");
    const ended = await outcome;
    expect(ended.signal).toBe("SIGINT");
    const all = summaryOf(ended).warnings.filter(({ code }) => code === "TW005");
    expect(all).toHaveLength(1);
    expect(all[0]?.tasks).toHaveLength(2);
    expect(all[0]?.message).toMatch(/first/);
    expect(all[0]?.message).toMatch(/second/);
    expect(ended.stderr).toContain("warning TW005");
  });

  test.skipIf(process.platform === "win32")("not for tasks that wait in a line", async () => {
    const source = `import * as asyncio from "turnwise";
      const lock = new asyncio.Lock();
      const job = () => lock.with(() => { console.log("has it"); return asyncio.sleep(60); });
      await asyncio.run(() => asyncio.gather(job, job, job));`;
    using directory = new ProgramDirectory({ "program.mjs": source });
    const { child, outcome, printed } = start(["run", "--json", "program.mjs"], { cwd: directory.path });
    await printed("has it");
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill("SIGINT");
    expect(summaryOf(await outcome).warnings.map(({ code }) => code)).not.toContain("TW005");
  });
});

describe("TW006: a task polls", () => {
  const setter = "async function setter() { await asyncio.sleep(0.8); ready = true; }";

  test("a task that looks again and again for what another one does", async () => {
    const all = await warnings(`let ready = false;
      async function waiter() { while (!ready) await asyncio.sleep(0.01); }
      ${setter}
      await asyncio.run(() => asyncio.gather(waiter, setter));`);
    expect(codes(all)).toEqual(["TW006"]);
    expect(all[0]?.message).toContain("waiter");
  });

  test("not one that awaits an event", async () => {
    const all = await warnings(`const event = new asyncio.Event();
      await asyncio.run(() => asyncio.gather(() => event.wait(), async () => { await asyncio.sleep(0.5); event.set(); }));`);
    expect(all).toEqual([]);
  });

  test("not a ticker that goes on until it is cancelled", async () => {
    const all = await warnings(`await asyncio.run(async () => {
      const ticker = asyncio.createTask(async () => { for (;;) { await asyncio.sleep(0.01); } });
      await asyncio.sleep(0.5);
      ticker.cancel();
    });`);
    expect(all).toEqual([]);
  });
});
