/** Lines: where the user's code was when a step ended, and where tasks were made. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { markAt, marksOf, runRecorded } from "./testing/recorded.ts";

const TURNS = `import * as asyncio from "turnwise";
async function inner(): Promise<void> {
  await asyncio.sleep(0.001); // inner
}
async function job(): Promise<void> {
  await asyncio.sleep(0); // turn
  await inner();
  await asyncio.sleep(0.001); // wait
}
await asyncio.run(async () => {
  asyncio.createTask(async () => new Promise<void>(() => {}), { name: "pending" }); // pending
  await asyncio.createTask(job, { name: "job" }); // made
  process.exit(0);
});
`;

test("each step ends at an await of the user's, the innermost one; the last nowhere", async () => {
  const { trace, folder } = await runRecorded({ "turns.ts": TURNS });
  expect(marksOf(trace, "job", TURNS)).toEqual(["turn", "inner", "wait", null]);
  const { at } = trace.steps.find((step) => markAt(step.at, TURNS) === "inner")!;
  expect(at).toEqual({ function: "inner", file: join(folder, "turns.ts"), line: 3, column: 3 });
});

test("where tasks were made: those that are done, and those that are not", async () => {
  const { trace } = await runRecorded({ "turns.ts": TURNS });
  const made = new Map(trace.tasks.map(({ name, madeAt }) => [name, markAt(madeAt, TURNS)]));
  expect([made.get("job"), made.get("pending")]).toEqual(["made", "pending"]);
});

test("in code of Turnwise's own it is the user's line that called it", async () => {
  const source = `import * as asyncio from "turnwise";
await asyncio.run(async () => {
  const queue = new asyncio.Queue<number>();
  const lock = new asyncio.Lock();
  await lock.acquire();
  const task = (name: string, fn: () => Promise<unknown>) => asyncio.createTask(fn, { name });
  const gets = task("gets", async () => {
    await queue.get(); // get
  });
  const locks = task("locks", async () => {
    await lock.with(async () => {}); // with
  });
  const gathers = task("gathers", async () => {
    await asyncio.gather(() => asyncio.sleep(0.001), gets); // gather
  });
  const groups = task("groups", async () => {
    await asyncio.taskGroup(async (group) => { // group
      group.createTask(() => asyncio.sleep(0.001));
    });
  });
  const all = task("all", async () => {
    await Promise.all([asyncio.sleep(0.001)]); // all
  });
  await asyncio.sleep(0.002);
  lock.release();
  queue.putNowait(1);
  await asyncio.gather(locks, gathers, groups, all);
});
`;
  const { trace } = await runRecorded({ "waits.ts": source });
  const names = ["gets", "locks", "gathers", "groups", "all"];
  const first = names.map((name) => marksOf(trace, name, source)[0]);
  expect(first).toEqual(["get", "with", "gather", "group", "all"]);
});

test("promises that are not Turnwise's: the innermost await of the user's, in each way to wait", async () => {
  const source = `import * as asyncio from "turnwise";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
const task = (name: string, fn: () => Promise<unknown>) => asyncio.createTask(fn, { name });
async function inner(): Promise<void> {
  await delay(5); // inner
}
async function outer(): Promise<void> {
  await inner();
}
await asyncio.run(async () => {
  await task("made here", async () => {
    await new Promise((resolve) => setTimeout(resolve, 5)); // made
  });
  await task("nested", outer);
  await task("a file", async () => {
    await readFile(import.meta.filename); // read
  });
  await task("after others", async () => {
    await null;
    await Promise.resolve();
    await delay(5); // delay
  });
  await task("after Turnwise's", async () => {
    await asyncio.sleep(0.001); // sleep
    await Promise.all([delay(5), delay(6)]); // all
  });
  await asyncio.gather(task("beside one", outer), task("beside another", async () => {
    await delay(3); // beside
    await asyncio.sleep(0); // again
  }));
});
`;
  const { trace } = await runRecorded({ "foreign.ts": source });
  const of = (name: string): unknown => marksOf(trace, name, source).filter((mark) => mark !== null);
  expect(of("made here")).toEqual(["made"]);
  expect(of("nested")).toEqual(["inner"]);
  expect(of("a file")).toEqual(["read"]);
  expect(of("after others")).toEqual(["delay"]);
  expect(of("after Turnwise's")).toEqual(["sleep", "all"]);
  expect(of("beside one")).toEqual(["inner"]);
  expect(of("beside another")).toEqual(["beside", "again"]);
});

test("a promise that is awaited after thousands of steps without one: its place is known from the second on", async () => {
  const source = `import * as asyncio from "turnwise";
const moment = () => new Promise((resolve) => setTimeout(resolve, 1));
await asyncio.run(() => asyncio.createTask(async () => {
  for (let i = 0; i < 3_000; i++) await asyncio.sleep(0);
  await moment(); // first
  await asyncio.sleep(0); // between
  await moment(); // second
}, { name: "job" }));
`;
  const { trace } = await runRecorded({ "late.ts": source });
  const marks = marksOf(trace, "job", source).slice(3_000);
  expect(marks).toContain("second");
  expect(marks).not.toContain("first");
});

test("the text of the files that are named, and of no other", async () => {
  const files = {
    "silent.ts": "export const seconds: number = 0.001;\n",
    "waits.ts": `import * as asyncio from "turnwise";
import { seconds } from "./silent.ts";
export const wait = (): PromiseLike<void> => asyncio.sleep(seconds);
export async function twice(): Promise<void> { await wait(); await wait(); }
`,
    "main.ts": `import * as asyncio from "turnwise";
import { twice } from "./waits.ts";
await asyncio.run(() => asyncio.gather(async () => { await twice(); }));
`,
  };
  const { trace, folder } = await runRecorded(files);
  const texts = Object.fromEntries(trace.sources.map(({ file, text }) => [file, text]));
  expect(texts).toEqual({
    [join(folder, "waits.ts")]: files["waits.ts"],
    [join(folder, "main.ts")]: files["main.ts"],
  });
});

test("the text of a file that is very long is left out; its lines are known", async () => {
  const source = `import * as asyncio from "turnwise";
await asyncio.run(async () => {
  await asyncio.sleep(0.001); // sleep
});
/*${"*".repeat(400_000)}*/
`;
  const { trace } = await runRecorded({ "long.ts": source });
  expect(trace.steps.map(({ at }) => markAt(at, source))).toContain("sleep");
  expect(trace.sources).toEqual([]);
});

test("bundled and minified, with a source map: the lines and the text that were written", async () => {
  const { trace, folder } = await runRecorded({ "turns.ts": TURNS }, async (file) => {
    const outfile = `${file}.mjs`;
    const options = { bundle: true, platform: "node", format: "esm", minify: true, sourcemap: "inline" } as const;
    await build({ entryPoints: [file], outfile, external: ["turnwise"], ...options });
    return outfile;
  });
  expect(marksOf(trace, "job", TURNS)).toEqual(["turn", "inner", "wait", null]);
  expect(trace.sources).toEqual([{ file: join(folder, "turns.ts"), text: TURNS }]);
});

test("a program that freezes Error has no lines, and runs as ever", async () => {
  const source = `import * as asyncio from "turnwise";
Object.freeze(Error);
await asyncio.run(() => asyncio.createTask(async () => {
  await asyncio.sleep(0);
  await new Promise((resolve) => setTimeout(resolve, 1));
}, { name: "job" }));
console.log("done");
`;
  const { trace, stdout } = await runRecorded({ "frozen.ts": source });
  expect(stdout).toBe("done\n");
  expect(new Set(marksOf(trace, "job", source))).toEqual(new Set([null]));
});

test("the program's own format of stacks is not disturbed, and does not disturb", async () => {
  const source = `import * as asyncio from "turnwise";
const own = () => "mine";
Error.prepareStackTrace = own;
Error.stackTraceLimit = 1;
await asyncio.run(() => asyncio.createTask(async () => {
  await asyncio.sleep(0); // turn
}, { name: "job" }));
console.log(new Error("x").stack, Error.prepareStackTrace === own, Error.stackTraceLimit);
`;
  const { trace, stdout } = await runRecorded({ "formats.ts": source });
  expect(marksOf(trace, "job", source)[0]).toBe("turn");
  expect(stdout).toBe("mine true 1\n");
});
