import { expect, test } from "vitest";
import type { BriefSummary } from "@turnwise/lens";
import { ProgramDirectory, start, turnwise } from "./testing/program.ts";

const BLOCKS = `import * as asyncio from "turnwise";
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
await asyncio.run(() => asyncio.gather(async () => void pause(), async () => void pause()));
console.log("blocks is done", process.argv.length);`;
const YIELDS = `import * as asyncio from "turnwise";
await asyncio.run(() => asyncio.gather(() => asyncio.sleep(0.3), () => asyncio.sleep(0.3)));
console.log("yields is done");
console.error("on stderr");`;

test("each program's output under its name, then one table", async () => {
  using directory = new ProgramDirectory({ "blocks.mjs": BLOCKS, "yields.mjs": YIELDS });
  const { stdout, stderr, code } = await turnwise(["compare", "blocks.mjs", "yields.mjs"], { cwd: directory.path });
  expect(code).toBe(0);
  expect(stderr).toBe("on stderr\n");
  expect(stdout).toMatch(/^== blocks\.mjs\nblocks is done 2\n\n== yields\.mjs\nyields is done\n\n/);
  const [heading, ...rows] = stdout
    .slice(stdout.indexOf("yields is done\n\n") + 16)
    .trimEnd()
    .split("\n");
  expect(heading?.trim().split(/\s+/)).toEqual(["blocks.mjs", "yields.mjs"]);
  const names = rows.map((row) => row.trim().split(/\s{2,}/)[0]);
  for (const name of ["time", "blocked", "critical path", "steps", "tasks"]) expect(names).toContain(name);
  expect(names).toContainEqual(expect.stringMatching(/ready/));
  expect(rows.every((row) => row.trim().split(/\s{2,}/).length === 3)).toBe(true);
});

test("--json: stdout is the summaries alone", async () => {
  using directory = new ProgramDirectory({ "blocks.mjs": BLOCKS, "yields.mjs": YIELDS });
  const args = ["compare", "--json", "blocks.mjs", "yields.mjs"];
  const { stdout, stderr, code } = await turnwise(args, { cwd: directory.path });
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  const [blocks, yields] = JSON.parse(stdout) as [BriefSummary, BriefSummary];
  expect(blocks).toMatchObject({ format: "turnwise-summary", version: 1, program: { file: "blocks.mjs" } });
  expect(blocks.blocked.seconds).toBeGreaterThan(0.59);
  expect(yields.blocked.seconds).toBeLessThan(0.3);
  expect(yields.duration).toBeLessThan(blocks.duration);
  expect(stderr).toMatch(/== blocks\.mjs\nblocks is done 2\n\n== yields\.mjs\nyields is done\non stderr\n/);
});

test("--virtual", async () => {
  using directory = new ProgramDirectory({ "yields.mjs": YIELDS.replaceAll("0.3", "3600") });
  const { stdout, code } = await turnwise(["compare", "--virtual", "--json", "yields.mjs"], { cwd: directory.path });
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as [BriefSummary])[0].duration).toBeGreaterThanOrEqual(3600);
});

test("a program that fails ends the comparison with its exit code", async () => {
  using directory = new ProgramDirectory({ "fails.mjs": "process.exit(3)", "yields.mjs": YIELDS });
  const { stdout, stderr, code } = await turnwise(["compare", "fails.mjs", "yields.mjs"], { cwd: directory.path });
  expect({ stdout, stderr, code }).toEqual({
    stdout: "== fails.mjs\n",
    stderr: "fails.mjs ended with exit code 3\n",
    code: 3,
  });
});

test("a file that is not there is said before any program runs", async () => {
  using directory = new ProgramDirectory({ "yields.mjs": YIELDS });
  const { stdout, stderr, code } = await turnwise(["compare", "yields.mjs", "missing.mjs"], { cwd: directory.path });
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr).toContain("missing.mjs");
});

test.skipIf(process.platform === "win32")("Ctrl-C ends the program, and this process by SIGINT", async () => {
  const source = `import * as asyncio from "turnwise";
    await asyncio.run(async () => {
      try { console.log("ready", process.pid); await asyncio.sleep(60); } finally { console.log("cleaning up"); }
    });`;
  using directory = new ProgramDirectory({ "sleeper.mjs": source, "yields.mjs": YIELDS });
  const { child, outcome, printed } = start(["compare", "sleeper.mjs", "yields.mjs"], { cwd: directory.path });
  let text = "";
  child.stdout?.on("data", (part: string) => (text += part));
  await printed("ready");
  // A terminal sends it to both.
  process.kill(Number(/ready (\d+)/.exec(text)?.[1]), "SIGINT");
  child.kill("SIGINT");
  const { stdout, signal } = await outcome;
  expect(signal).toBe("SIGINT");
  expect(stdout).toContain("cleaning up");
  expect(stdout).not.toContain("yields.mjs");
});
