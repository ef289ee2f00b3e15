/** What a recorded run shows: the summary, the trace, the report, JSON. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BriefSummary } from "@turnwise/lens";
// A check that only tests use: the package does not export it.
import { checkPerfetto } from "../../../lens/src/perfetto/check-perfetto.ts";
import { ProgramDirectory, root, runSource, turnwise } from "../testing/program.ts";
import { lastLine, summaryOf } from "../testing/summary.ts";

/** Two tasks, of which each blocks the thread, at line 4, for 0.3 s. */
const BLOCKS = `import * as asyncio from "turnwise";

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
}

async function job(name) {
  pause();
  console.log(name);
}

await asyncio.run(() => asyncio.gather(() => job("A"), () => job("B")));
`;

test("the notes' second program: who blocked it, where, for how long, and what it would have taken", async () => {
  using directory = new ProgramDirectory({});
  const [report, trace] = ["report.html", "trace.json"].map((name) => join(directory.path, name)) as [string, string];
  const flags = ["--debug", "--report", report, "--trace", trace, "--json"];
  const outcome = await turnwise(["run", ...flags, "examples/blocking.ts"]);

  const { stdout, stderr, code: exitCode, signal } = outcome;
  expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
  const plain = stdout.replace(/\d+\.\d+/g, "T").split("\n");
  expect(plain.slice(0, 3)).toEqual(["Task A: Computing 0+1", "Time: T", "Task A: Computing 1+2"]);
  expect(plain.at(-2)).toBe("Time: T sec");
  expect(plain).toHaveLength(16);

  const summary = summaryOf(outcome);
  expect(summary).toMatchObject({ format: "turnwise-summary", version: 1 });
  expect(summary.program).toMatchObject({ file: "examples/blocking.ts", exitCode: 0, virtual: false });
  const file = join(root, "examples/blocking.ts");
  expect(summary.blocked.lines[0]).toMatchObject({
    blame: { function: "sleep", file, line: 6, column: 11 },
    called: "Atomics.wait",
    kind: "waiting",
  });
  expect(summary.blocked.lines[0]?.source?.lines[6 - summary.blocked.lines[0].source.first]).toContain("Atomics.wait(");
  expect(summary.blocked.seconds).toBeGreaterThan(4.9);
  expect(summary.duration).toBeGreaterThanOrEqual(summary.blocked.seconds);
  expect(summary.prediction.seconds / summary.duration).toBeGreaterThan(0.55);
  expect(summary.prediction.seconds / summary.duration).toBeLessThan(0.7);
  expect(summary.criticalPath.seconds).toBeLessThanOrEqual(summary.prediction.seconds);
  expect(summary.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(["TW001", "TW002"]));

  expect(stderr).toMatch(/^\d\.\d+ s taken.*, blocked for \d\.\d+ s; \d\.\d+ s if it yielded$/m);
  expect(stderr).toMatch(/^ {2}\d\.\d+ s at sleep \(examples\/blocking\.ts:6:11\), .*Atomics\.wait/m);
  expect(stderr).toContain(`report: ${report}\ntrace: ${trace}\n`);

  const { traceEvents } = JSON.parse(readFileSync(trace, "utf8")) as { traceEvents: unknown[] };
  expect(checkPerfetto(traceEvents)).toEqual([]);
  expect(traceEvents).toContainEqual(expect.objectContaining({ ph: "X", dur: expect.toSatisfy((us) => us > 2.9e6) }));

  const page = readFileSync(report, "utf8");
  expect(page).toMatch(/^<!doctype html>/i);
  expect(page).toContain("examples/blocking.ts");
  expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:|#)/);
  expect(readdirSync(directory.path).sort()).toEqual(["node_modules", "report.html", "trace.json"]);
});

test("--summary alone prints it after the program's own output, and no JSON", async () => {
  const { stdout, stderr } = await runSource(BLOCKS, { flags: ["--summary"] });
  expect(stdout).toBe("A\nB\n");
  expect(stderr).toMatch(/blocked for 0\.\d+ s; 0\.\d+ s if it yielded\n/);
  expect(stderr).toContain("at pause (program.mjs:4:11)");
  expect(stderr).not.toContain('{"format"');
});

test("--json alone prints one line", async () => {
  const outcome = await runSource(BLOCKS, { flags: ["--json"] });
  expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
  const { blocked, prediction, counts } = JSON.parse(outcome.stderr) as BriefSummary;
  expect(blocked.lines[0]).toMatchObject({ blame: { function: "pause", line: 4, column: 11 } });
  expect(blocked.seconds).toBeGreaterThan(0.59);
  expect(prediction.yielded).toBeGreaterThan(0.59);
  expect(blocked.seconds - prediction.seconds).toBeGreaterThan(0.1);
  expect(counts.tasks).toBeGreaterThanOrEqual(3);
});

test("--json is the last line, after what the program wrote to stderr at its end", async () => {
  const source = `process.on("exit", () => console.error("bye"));
    setTimeout(() => { throw new RangeError("too far"); }, 5);`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome.stderr).toMatch(/^bye\n[^]*RangeError: too far[^]*\n\{"format"/);
  expect(JSON.parse(lastLine(outcome))).toMatchObject({ format: "turnwise-summary" });
});

test("what computes is told as such, and moves to a worker", async () => {
  const source = `import * as asyncio from "turnwise";
    function compute() {
      const until = performance.now() + 400;
      while (performance.now() < until);
    }
    await asyncio.run(() => asyncio.gather(async () => compute(), () => asyncio.sleep(0.4)));`;
  const outcome = await runSource(source, { flags: ["--json", "--summary"] });
  const { blocked, prediction, duration } = summaryOf(outcome);
  expect(blocked.lines[0]).toMatchObject({ blame: { function: "compute" }, kind: "cpu" });
  expect(prediction.inWorker).toBeGreaterThan(0.39);
  expect(duration - prediction.seconds).toBeGreaterThan(0.25);
  expect(outcome.stderr).toMatch(/in a worker\)/);
});

test("a program without Turnwise: who blocked the thread, and no prediction in words", async () => {
  const source = `import { execSync } from "node:child_process";
setTimeout(function late() {
  execSync("sleep 0.3");
}, 10);`;
  const outcome = await runSource(source, { flags: ["--json", "--summary"] });
  const { blocked, counts } = summaryOf(outcome);
  expect(blocked.lines[0]).toMatchObject({
    blame: { function: "late", line: 3 },
    called: "execSync",
    kind: "waiting",
  });
  expect(counts.steps).toBe(0);
  expect(outcome.stderr).not.toContain("if it yielded");
});

test("TypeScript: the columns are those of the source", async () => {
  const source = `import * as asyncio from "turnwise";
interface Much { readonly of: string; readonly type: number }
const pause = (what: Much): void => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, what.type); };
await asyncio.run(async (): Promise<void> => pause({ of: "x", type: 300 }));
`;
  const outcome = await runSource(source, { name: "program.ts", flags: ["--json"] });
  const { blocked } = summaryOf(outcome);
  const column = (source.split("\n")[2] as string).indexOf("wait(") + 1;
  expect(blocked.lines[0]?.blame).toMatchObject({ function: "pause", line: 3, column });
});

test("--virtual: times are virtual, and nothing is blocked", async () => {
  const source = `import * as asyncio from "turnwise";
    await asyncio.run(() => asyncio.gather(() => asyncio.sleep(3600), () => asyncio.sleep(1800)));`;
  const outcome = await runSource(source, { flags: ["--virtual", "--summary", "--json"] });
  const { duration, blocked, program, criticalPath } = summaryOf(outcome);
  expect(program.virtual).toBe(true);
  expect(duration).toBeGreaterThanOrEqual(3600);
  expect(duration).toBeLessThan(3600.5);
  expect(criticalPath.seconds).toBeCloseTo(duration, 3);
  expect(blocked.stretches).toBe(0);
  expect(outcome.stderr).toMatch(/^3,600 s taken.*never blocked/m);
});

test("a well-behaved program gets no warning", async () => {
  const source = `import * as asyncio from "turnwise";
    const queue = new asyncio.Queue();
    const worker = async () => { for (;;) { await asyncio.sleep(await queue.get()); queue.taskDone(); } };
    await asyncio.run(async () => {
      const workers = [1, 2, 3].map(() => asyncio.createTask(worker));
      for (let n = 0; n < 9; n++) await queue.put(0.02);
      await queue.join();
      for (const each of workers) each.cancel();
      await asyncio.gather(workers, { returnExceptions: true });
      console.log("done");
    });`;
  const outcome = await runSource(source, { flags: ["--debug", "--json"] });
  expect(outcome.stdout).toBe("done\n");
  expect(summaryOf(outcome).warnings).toEqual([]);
});
