import { expect, test } from "vitest";
import { ProgramDirectory, runSource, start, startNode, turnwise } from "./testing/program.ts";

test("the program's arguments are its own, flags and dashes included", async () => {
  const source = "console.log(JSON.stringify(process.argv.slice(2)), import.meta.main)";
  const { stdout } = await runSource(source, { args: ["a b", "--help", "--virtual", "--", "-x", ""] });
  expect(stdout).toBe('["a b","--help","--virtual","--","-x",""] true\n');
});

test("process.argv is as with node FILE", async () => {
  using directory = new ProgramDirectory({ "a.mjs": "console.log(process.argv, process.execArgv, process.title)" });
  const args = ["a.mjs", "x"];
  const plain = startNode(args, { cwd: directory.path }).outcome;
  const ours = turnwise(["run", ...args], { cwd: directory.path });
  expect((await ours).stdout).toBe((await plain).stdout);
});

test("every extension runs", async () => {
  using directory = new ProgramDirectory({
    "a.ts": "const x: number = 1; console.log('ts', x); export {}",
    "a.mts": "const x: number = 1; console.log('mts', x, await 2)",
    "a.cts": "const { sep }: { sep: string } = require('node:path'); console.log('cts', sep.length)",
    "a.js": "console.log('js', typeof require)",
    "a.mjs": "console.log('mjs', typeof require)",
    "a.cjs": "console.log('cjs', require.main === module); return",
  });
  const names = ["a.ts", "a.mts", "a.cts", "a.js", "a.mjs", "a.cjs"];
  const outcomes = await Promise.all(names.map((name) => turnwise(["run", name], { cwd: directory.path })));
  expect(outcomes.map(({ stdout, stderr }) => stdout + stderr)).toEqual([
    "ts 1\n",
    "mts 1 2\n",
    "cts 1\n",
    "js function\n",
    "mjs undefined\n",
    "cjs true\n",
  ]);
});

test("stdin and the exit code pass through", async () => {
  using directory = new ProgramDirectory({
    "upper.mjs":
      "for await (const chunk of process.stdin) process.stdout.write(String(chunk).toUpperCase()); process.exitCode = 42",
  });
  const { child, outcome } = start(["run", "upper.mjs"], { cwd: directory.path });
  child.stdin?.end("hello\n");
  expect(await outcome).toEqual({ stdout: "HELLO\n", stderr: "", code: 42, signal: null });
});

test("an uncaught error ends as with node", async () => {
  const { stdout, stderr, code } = await runSource("console.log(1);\nthrow new RangeError('too far')");
  expect({ stdout, code }).toEqual({ stdout: "1\n", code: 1 });
  expect(stderr).toMatch(/program\.mjs:2\n.*\n\s+\^\n\nRangeError: too far\n\s+at /);
});

test("what a program imports and does not find is Node's to tell", async () => {
  const { stderr, code } = await runSource("import './missing.mjs'");
  expect({ code, told: stderr.includes("ERR_MODULE_NOT_FOUND") }).toEqual({ code: 1, told: true });
});

test("--debug sets TURNWISE_DEBUG", async () => {
  const source = "console.log(process.env.TURNWISE_DEBUG)";
  const [debug, plain] = await Promise.all([runSource(source, { flags: ["--debug"] }), runSource(source)]);
  expect([debug.stdout, plain.stdout]).toEqual(["1\n", "undefined\n"]);
});

const SLEEPER = `
import * as asyncio from "turnwise";
await asyncio.run(async () => {
  try {
    console.log("ready", process.pid);
    await asyncio.sleep(60);
  } finally {
    console.log("cleaning up");
    if (process.argv[2] === "slow") await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
});`;

test.skipIf(process.platform === "win32")(
  "Ctrl-C lets the main task clean up, and ends the process by SIGINT",
  async () => {
    using directory = new ProgramDirectory({ "sleeper.mjs": SLEEPER });
    const { child, outcome, printed } = start(["run", "sleeper.mjs"], { cwd: directory.path });
    await printed("ready");
    child.kill("SIGINT");
    expect(await outcome).toEqual({
      stdout: `ready ${child.pid}\ncleaning up\n`,
      stderr: "",
      code: null,
      signal: "SIGINT",
    });
  },
);

test.skipIf(process.platform === "win32")("a second Ctrl-C does not wait", async () => {
  using directory = new ProgramDirectory({ "sleeper.mjs": SLEEPER });
  const { child, outcome, printed } = start(["run", "sleeper.mjs", "slow"], { cwd: directory.path });
  await printed("ready");
  child.kill("SIGINT");
  await printed("cleaning up");
  child.kill("SIGINT");
  expect((await outcome).signal).toBe("SIGINT");
});

test.skipIf(process.platform === "win32")("SIGTERM ends the process by the signal", async () => {
  using directory = new ProgramDirectory({ "sleeper.mjs": SLEEPER });
  const { child, outcome, printed } = start(["run", "sleeper.mjs"], { cwd: directory.path });
  await printed("ready");
  child.kill("SIGTERM");
  expect((await outcome).signal).toBe("SIGTERM");
});
