/** A recorded program and all that it starts behave as if nobody watched. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ProgramDirectory, runSource, start, turnwise } from "../testing/program.ts";
import { summaryOf } from "../testing/summary.ts";

test("children and workers are not recorded, and nothing tells them of it", async () => {
  using directory = new ProgramDirectory({
    "child.mjs": `import { isMainThread } from "node:worker_threads";
      const { TURNWISE_LENS } = process.env;
      console.log(isMainThread ? process.argv[2] : "worker", TURNWISE_LENS, process.execArgv.length);`,
    "program.mjs": `import { fork, spawnSync } from "node:child_process";
      import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      const file = new URL("child.mjs", import.meta.url);
      console.log("program", process.env.TURNWISE_LENS, process.execArgv.length);
      process.stdout.write(spawnSync(process.execPath, ["child.mjs", "spawned"], { encoding: "utf8" }).stdout);
      await once(fork(file, ["forked"]), "exit");
      const worker = new Worker(file);
      await once(worker, "exit");`,
  });
  const outcome = await turnwise(["run", "--json", "program.mjs"], { cwd: directory.path });
  expect(outcome.stdout).toBe(["program", "spawned", "forked", "worker"].map((who) => `${who} undefined 0\n`).join(""));
  expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("what process says of itself is as without", async () => {
  const source = `const events = ["exit", "SIGINT", "SIGTERM", "SIGHUP", "uncaughtException", "unhandledRejection", "warning"];
    console.log(process.argv.length, process.execArgv, Object.keys(process.env).filter((name) => /TURNWISE/.test(name)));
    console.log(events.map((event) => event + process.listenerCount(event) + process.listeners(event).length).join());
    console.log(process.title, import.meta.main, process.env.NODE_OPTIONS);`;
  using directory = new ProgramDirectory({ "program.mjs": source });
  const [recorded, plain] = await Promise.all([
    turnwise(["run", "--summary", "program.mjs"], { cwd: directory.path }),
    turnwise(["run", "program.mjs"], { cwd: directory.path }),
  ]);
  expect(recorded.stdout).toBe(plain.stdout);
});

test("a program that uses the inspector itself", async () => {
  const source = `import { Session } from "node:inspector/promises";
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
    for (const until = performance.now() + 200; performance.now() < until;);
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    console.log(profile.nodes.length > 0);`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome).toMatchObject({ stdout: "true\n", code: 0 });
  expect(summaryOf(outcome).format).toBe("turnwise-summary");
});

test("a program with workers, messages and Atomics", async () => {
  const source = `import { once } from "node:events";
    import { Worker } from "node:worker_threads";
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(\`
      const { parentPort, workerData } = require("node:worker_threads");
      for (const until = performance.now() + 250; performance.now() < until;);
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
      parentPort.postMessage("done");
    \`, { eval: true, workerData: shared });
    const waited = Atomics.waitAsync(shared, 0, 0);
    const [message] = await once(worker, "message");
    console.log(message, await waited.value);`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome).toMatchObject({ stdout: "done ok\n", code: 0 });
  expect(summaryOf(outcome).blocked.lines).toEqual([]);
});

test("AsyncLocalStorage and context variables keep their values", async () => {
  const source = `import { AsyncLocalStorage } from "node:async_hooks";
    import * as asyncio from "turnwise";
    const storage = new AsyncLocalStorage();
    const variable = new asyncio.ContextVar("name");
    const job = async (name) => {
      variable.set(name);
      await asyncio.sleep(0.01);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [variable.get(), storage.getStore()].join();
    };
    const jobs = () => asyncio.gather(() => storage.run(1, () => job("A")), () => storage.run(2, () => job("B")));
    console.log(await asyncio.run(jobs));`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome).toMatchObject({ stdout: "[ 'A,1', 'B,2' ]\n", code: 0 });
});

test("fake timers and clocks of a program's own", async () => {
  const source = `import { mock } from "node:test";
    import * as asyncio from "turnwise";
    mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
    const fired = new Promise((resolve) => setTimeout(resolve, 1e6));
    performance.now = () => 5;
    mock.timers.tick(1e6);
    await fired;
    console.log("fired", Date.now());
    mock.timers.reset();`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome).toMatchObject({ stdout: "fired 1000000\n", code: 0 });
  const { duration } = summaryOf(outcome);
  expect(duration).toBeGreaterThan(0);
});

test("diagnostics channels, warnings and source maps: nothing is printed that would not be", async () => {
  const source = `import { run, sleep } from "turnwise";
    await run(() => sleep(0.01));
    console.error("own");`;
  const { stderr } = await runSource(source, { flags: ["--report", "report.html"] });
  expect(stderr.split("\n")[0]).toBe("own");
  expect(stderr).not.toMatch(/Warning/);
});

test("nobody reads stderr: the program runs to its end, and its exit code is its own", async () => {
  const source = `import * as asyncio from "turnwise";
    await asyncio.run(() => asyncio.sleep(0.3));
    console.log("done");
    process.exitCode = 5;`;
  using directory = new ProgramDirectory({ "program.mjs": source });
  const { child, outcome } = start(["run", "--summary", "--json", "program.mjs"], { cwd: directory.path });
  child.stderr?.destroy();
  expect(await outcome).toMatchObject({ stdout: "done\n", code: 5, signal: null });
});

test.for([
  ["--report", "missing/report.html", /^error: no such directory: .*missing$/],
  ["--trace", ".", /^error: \. is a directory$/],
  ["--report", "program.mjs", /^error: program\.mjs is the program: it would be overwritten$/],
] as const)("%s %s can't be written: said before the program runs", async ([flag, path, message]) => {
  const { stdout, stderr, code } = await runSource('console.log("ran")', { flags: [flag, path] });
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr.trimEnd().split("\n")[0]).toMatch(message);
});

test("a report that can't be written after all is an error in words, and the exit code stays the program's", async () => {
  const source = `import { rmSync } from "node:fs";
    rmSync("out", { recursive: true });
    process.exitCode = 4;`;
  using directory = new ProgramDirectory({ "program.mjs": source });
  const folder = join(directory.path, "out");
  mkdirSync(folder);
  const outcome = await turnwise(["run", "--report", "out/report.html", "program.mjs"], { cwd: directory.path });
  expect(outcome.code).toBe(4);
  expect(outcome.stderr).toMatch(/error: the report could not be written: ENOENT/);
  expect(existsSync(folder)).toBe(false);
});
