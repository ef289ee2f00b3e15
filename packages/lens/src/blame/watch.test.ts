/** The watch as a whole: what it says of steps, and that it leaves programs as they are. */
import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runWatched, type WatchedRun } from "./testing/watched.ts";
import type { Blocked } from "./blocked.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "watch-")));
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS = { concurrent: true, retry: 2, timeout: 60_000 };
const WATCH = new URL("./watch.ts", import.meta.url).href;
/** Blocks the thread for so many milliseconds. */
const BUSY = "const busy = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };";

let files = 0;
function program(text: string, extension = "mjs"): string {
  const file = join(folder, `program-${++files}.${extension}`);
  writeFileSync(file, text);
  return file;
}

/** A program that watches itself, and prints what it was told. */
async function selfWatched(text: string): Promise<Blocked[]> {
  const preamble = `import { watchBlocking } from ${JSON.stringify(WATCH)}; const report = (blocked) => console.log(JSON.stringify(blocked)); ${BUSY}`;
  const { stdout } = await run([program(`${preamble}\n${text}`)]);
  return JSON.parse(stdout) as Blocked[];
}

function run(args: readonly string[]): Promise<Pick<WatchedRun, "code" | "stdout" | "stderr">> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      args,
      { env: { ...process.env, NODE_OPTIONS: "" }, timeout: 30_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const took = ({ begin, end }: Blocked): number => end - begin;

describe("steps", () => {
  test("a noted step is told with its own times, and not again as a turn of the host's", OPTIONS, async () => {
    const [blocked, ...others] = await selfWatched(`
      const watch = watchBlocking({ threshold: 0.1 });
      setTimeout(() => {
        const begin = performance.now() / 1000;
        busy(300);
        const end = performance.now() / 1000;
        watch.noteStep(begin, end);
        globalThis.noted = { begin, end };
      }, 10);
      setTimeout(() => report(watch.stop().map((each) => ({ ...each, noted: globalThis.noted }))), 400);
    `);
    expect(others).toEqual([]);
    expect(blocked).toMatchObject({ blame: { function: "busy", line: 1 }, kind: "cpu", called: null });
    const { noted } = blocked as Blocked & { noted: { begin: number; end: number } };
    expect([blocked!.begin, blocked!.end]).toEqual([noted.begin, noted.end]);
  });

  test("what blocked in the same turn outside of the step is told, too", OPTIONS, async () => {
    const blocked = await selfWatched(`
      const watch = watchBlocking({ threshold: 0.1 });
      setTimeout(() => {
        const begin = performance.now() / 1000;
        busy(200);
        watch.noteStep(begin, performance.now() / 1000);
        const until = performance.now() + 300; while (performance.now() < until);
      }, 10);
      setTimeout(() => report(watch.stop()), 600);
    `);
    expect(blocked.map(({ blame }) => blame?.function)).toEqual(["busy", expect.stringContaining("onTimeout")]);
    expect(took(blocked[1]!)).toBeGreaterThan(0.2);
  });

  test("whose code it was is asked inside of it", OPTIONS, async () => {
    const blocked = await selfWatched(`
      import { AsyncLocalStorage } from "node:async_hooks";
      const task = new AsyncLocalStorage();
      const watch = watchBlocking({ threshold: 0.1, whose: () => task.getStore() ?? null });
      const work = async () => { await null; await new Promise((resolve) => setTimeout(resolve, 20)); busy(250); };
      await Promise.all([task.run(7, work), task.run(8, () => new Promise((resolve) => setTimeout(resolve, 300)))]);
      report(watch.stop());
    `);
    expect(blocked.map(({ whose }) => whose)).toEqual([7]);
  });

  test("a stretch that is still on when the watch is stopped counts", OPTIONS, async () => {
    const blocked = await selfWatched(`
      const watch = watchBlocking({ threshold: 0.1 });
      busy(300);
      report(watch.stop());
    `);
    expect(blocked.map(({ blame }) => blame?.function)).toEqual(["busy"]);
    expect(took(blocked[0]!)).toBeGreaterThan(0.25);
  });

  test("the first line of the program counts from its beginning", OPTIONS, async () => {
    const [blocked] = await selfWatched(`
      const watch = watchBlocking({ threshold: 0.1 });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      report(watch.stop());
    `);
    expect(blocked).toMatchObject({ kind: "waiting", called: "Atomics.wait" });
    expect(took(blocked!)).toBeGreaterThan(0.39);
  });

  test("stopped once, it says nothing more", OPTIONS, async () => {
    const blocked = await selfWatched(`
      const watch = watchBlocking({ threshold: 0.1 });
      busy(200);
      watch.stop();
      report(watch.stop());
    `);
    expect(blocked).toEqual([]);
  });
});

describe("the program stays as it is", () => {
  /** Runs a program with the watch and without, and compares all that can be seen from outside. */
  async function same(text: string, extension = "mjs"): Promise<WatchedRun> {
    const file = program(text, extension);
    // To preload anything changes Node's own frames.
    const [plain, watched] = [await run(["--import=data:text/javascript,", file]), await runWatched([file])];
    expect({ code: watched.code, stdout: watched.stdout, stderr: watched.stderr }).toEqual(plain);
    return watched;
  }

  test(
    "it ends when nothing is left to do, with the order of ticks, microtasks and immediates kept",
    OPTIONS,
    async () => {
      const { code } = await same(`${BUSY}
      setImmediate(() => console.log("immediate"));
      setTimeout(() => console.log("timeout"), 100);
      process.nextTick(() => console.log("tick"));
      Promise.resolve().then(() => (console.log("microtask"), process.nextTick(() => console.log("second tick"))));
      busy(60);
      console.log("synchronous");
      await null;
      busy(60);
      console.log("resumed");
    `);
      expect(code).toBe(0);
    },
  );

  test("exit codes and uncaught errors", OPTIONS, async () => {
    expect((await same(`${BUSY} process.exitCode = 4; busy(150);`)).code).toBe(4);
    expect((await same(`${BUSY} busy(150); throw new TypeError("broken");`)).code).toBe(1);
    expect((await same(`await new Promise(() => {});`)).code).toBe(13);
    const late = await same(
      `${BUSY} process.on("exit", () => console.log("bye")); setTimeout(() => { busy(200); process.exit(5); }, 5);`,
    );
    expect([late.code, late.blocked.length]).toEqual([5, 1]);
  });

  test("a program that profiles and inspects itself", OPTIONS, async () => {
    const { blocked } = await same(`${BUSY}
      import { Session } from "node:inspector/promises";
      import inspector from "node:inspector";
      const session = new Session();
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.start");
      busy(300);
      const { profile } = await session.post("Profiler.stop");
      const { result } = await session.post("Runtime.evaluate", { expression: "6 * 7" });
      console.log(profile.nodes.length > 2, result.value, inspector.url());
      session.disconnect();
    `);
    expect(blocked.map(({ blame }) => blame?.function)).toContain("busy");
  });

  test("a program that Node itself profiles, or measures the coverage of", OPTIONS, async () => {
    const file = program(`${BUSY} busy(250);`);
    const profiled = await runWatched([`--cpu-prof`, `--cpu-prof-dir=${folder}`, file]);
    const covered = await runWatched([file], { NODE_V8_COVERAGE: join(folder, "coverage") });
    for (const { stderr, blocked } of [profiled, covered]) {
      expect(stderr).toBe("");
      expect(blocked.map(({ blame }) => blame?.function)).toEqual(["busy"]);
    }
  });

  test("a program with workers of its own, async hooks, and fake timers", OPTIONS, async () => {
    const { blocked } = await same(`${BUSY}
      import { createHook } from "node:async_hooks";
      import { Worker } from "node:worker_threads";
      createHook({ init() {}, before() {}, after() {} }).enable();
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage(process.execArgv.filter((each) => each.includes('interrupt')).length)", { eval: true });
      worker.on("message", (message) => console.log("worker", message));
      await new Promise((resolve) => worker.on("exit", resolve));
      globalThis.setImmediate = globalThis.setTimeout = globalThis.queueMicrotask = () => { throw new Error("fake"); };
      globalThis.performance = { now: () => 0 };
      process.nextTick = undefined;
      Error.captureStackTrace = undefined;
      const until = Date.now() + 300;
      while (Date.now() < until);
    `);
    expect(blocked.at(-1)?.source?.lines.join()).toContain("while (Date.now() < until)");
  });

  test("no global names, listeners or handles of the watch's are seen", OPTIONS, async () => {
    await same(`
      console.log(Object.keys(globalThis).length, Object.getOwnPropertyNames(globalThis).length);
      console.log(process.getActiveResourcesInfo().filter((each) => !/Pipe|TTY|File/.test(each)));
      console.log(process._getActiveHandles?.().filter(({ constructor }) => constructor.name === "Server").length);
    `);
  });

  test("CommonJS, with its errors' stacks", OPTIONS, async () => {
    await same(
      `
      const { readFileSync } = require("node:fs");
      try { readFileSync("/no/such/file"); } catch (error) { console.log(error.stack, readFileSync.name, readFileSync.length); }
    `,
      "cjs",
    );
  });
});
