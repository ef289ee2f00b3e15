/** Programs that the page runs: what they print, what they did, what is wrong with them, and their end. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProgramDirectory } from "../testing/program.ts";
import { isAlive, type Page, Studio } from "../testing/studio.ts";

const TWO_TASKS = `import * as asyncio from "turnwise";
async function job(name: string): Promise<void> {
  await asyncio.sleep(0.01);
  console.log(name);
}
await asyncio.run(async () => {
  await asyncio.gather(() => job("A"), () => job("B"));
});
`;
/** Each is another run of the same server. */
let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await Studio.start();
  page = await studio.page();
});
afterAll(async () => await studio[Symbol.asyncDispose]());

function foldersLeft(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("turnwise-studio-"));
}

test("a program without a file: output, trace with lines, summary", async () => {
  const { started, stdout, stderr, trace, ended } = await page.run(TWO_TASKS);
  expect([stdout, stderr]).toEqual(["A\nB\n", ""]);
  expect(ended).toMatchObject({ exitCode: 0, signal: null, stopped: false, recorded: true, error: null });
  const lines = trace!.trace.steps.flatMap(({ at }) => (at === null ? [] : [`${at.file}:${at.line}`]));
  expect(new Set(lines)).toEqual(new Set([`${started!.file}:3`, `${started!.file}:7`]));
  expect(trace!.trace.sources).toEqual([{ file: started!.file, text: TWO_TASKS }]);
  expect(trace!.trace.program.file).toBe("program.ts");
  expect(trace!.summary).toMatchObject({ format: "turnwise-summary", counts: { callbacks: expect.any(Number) } });
});

test("under virtual time an hour takes no time", async () => {
  const { trace } = await page.run(
    'import * as asyncio from "turnwise"; await asyncio.run(() => asyncio.sleep(3600));',
    { virtual: true },
  );
  expect(trace!.trace.program.virtual).toBe(true);
  expect(trace!.trace.duration).toBeGreaterThanOrEqual(3600);
});

test("output comes while the program runs", async () => {
  const run = page.begin('console.log("first"); setInterval(() => {}, 1000);');
  await page.printed("first", run);
  page.say({ type: "stop", slot: 0 });
  expect((await page.end(run)).ended.stopped).toBe(true);
});

test("four programs at a time, each in its slot", async () => {
  const runs = [0, 1, 2, 3].map((slot) => page.begin(`console.log(${slot})`, { slot, run: 100 + slot }));
  const ends = await Promise.all(runs.map((run) => page.end(run)));
  expect(ends.map(({ stdout, ended }) => [ended.slot, stdout])).toEqual([0, 1, 2, 3].map((n) => [n, `${n}\n`]));
});

describe("errors", () => {
  test("a syntax error, with its place, before anything runs", async () => {
    const { started, stdout, ended } = await page.run('console.log("no");\nconst x = ;\n', { name: "bad.ts" });
    expect([started!.pid, stdout, ended.exitCode]).toEqual([null, "", null]);
    expect(ended.error).toMatchObject({ file: started!.file, line: 2 });
    expect(ended.error!.message).toMatch(/expected|Unexpected/i);
  });

  test("TypeScript that is more than types: what to write instead", async () => {
    const { ended } = await page.run("enum Colour { red }");
    expect(ended.error).toMatchObject({ line: 1, message: expect.stringContaining("use a const object") });
  });

  test("an error that nobody caught, out of a task", async () => {
    const source = `import * as asyncio from "turnwise";
async function fails(): Promise<void> {
  await asyncio.sleep(0.001);
  throw new RangeError("too far");
}
await asyncio.run(() => asyncio.taskGroup(async (group) => void group.createTask(fails)));
`;
    const { started, stderr, ended, trace } = await page.run(source);
    expect(ended).toMatchObject({ exitCode: 1, recorded: true });
    expect(ended.error).toMatchObject({ file: started!.file, line: 4, column: 9 });
    expect(ended.error!.message).toContain("unhandled errors");
    expect(stderr).toContain("RangeError: too far");
    expect(trace!.trace.program.exitCode).toBe(1);
  });

  test("what is thrown and no error", async () => {
    const { ended } = await page.run('setTimeout(() => { throw { reason: "none" }; }, 1);');
    expect(ended.error).toMatchObject({ message: "Uncaught { reason: 'none' }", line: null });
  });

  test("process.exit is no error", async () => {
    const { ended } = await page.run("process.exit(3);");
    expect(ended).toMatchObject({ exitCode: 3, error: null, recorded: true });
  });
});

describe("a program that is to end", () => {
  test("one that waits ends by Ctrl-C, cleans up, and tells what it did", async () => {
    const run = page.begin(`import * as asyncio from "turnwise";
await asyncio.run(async () => {
  try {
    console.log("ready");
    await asyncio.sleep(60);
  } finally {
    console.log("cleaned");
  }
});`);
    await page.printed("ready", run);
    page.say({ type: "stop", slot: 0 });
    const { stdout, ended } = await page.end(run);
    expect(stdout).toBe("ready\ncleaned\n");
    expect(ended).toMatchObject({ signal: "SIGINT", stopped: true, recorded: true, error: null });
  });

  test("an endless loop ends by force, and what it did is told: by the line that blocks", async () => {
    const run = page.begin(`import * as asyncio from "turnwise";
await asyncio.run(async () => {
  await asyncio.sleep(0.01);
  console.log("ready");
  for (;;);
});`);
    await page.printed("ready", run);
    page.say({ type: "stop", slot: 0 });
    const { started, ended, trace } = await page.end(run);
    expect(ended).toMatchObject({ signal: "SIGKILL", stopped: true, recorded: true });
    expect(isAlive(started!.pid!)).toBe(false);
    const { steps, blocked } = trace!.trace;
    expect(blocked.at(-1)).toMatchObject({ blame: { line: 5 }, step: steps.length - 1, kind: "cpu" });
  });

  test.for([
    ["ignores Ctrl-C", 'process.on("SIGINT", () => {}); setInterval(() => {}, 1000); console.log("ready");', false],
    [
      "blocks its thread in a native call",
      'console.log("ready"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
      false,
    ],
    ["is endless under virtual time", 'console.log("ready"); for (;;);', true],
  ] as const)("one that %s ends by force", async ([, source, virtual]) => {
    const run = page.begin(source, { virtual });
    await page.printed("ready", run);
    page.say({ type: "stop", slot: 0 });
    const { started, ended } = await page.end(run);
    expect(ended).toMatchObject({ signal: "SIGKILL", stopped: true });
    expect(isAlive(started!.pid!)).toBe(false);
  });

  test("what it has started ends too", async () => {
    const run = page.begin(`import { spawn } from "node:child_process";
const child = spawn("sleep", ["60"]);
console.log(child.pid, "ready");
setInterval(() => {}, 1000);`);
    await page.printed("ready", run);
    page.say({ type: "stop", slot: 0 });
    const { stdout } = await page.end(run);
    expect(isAlive(Number.parseInt(stdout, 10))).toBe(false);
  });

  test("another run in its slot takes its place, when it is gone", async () => {
    const first = page.begin('console.log("ready"); setInterval(() => {}, 1000);');
    await page.printed("ready", first);
    const { pid } = await page.hear("started", first);
    const looks = `try { process.kill(${pid}, 0); console.log("there"); } catch { console.log("gone"); }`;
    const second = await page.run(looks);
    expect((await page.end(first)).ended.stopped).toBe(true);
    expect(second.stdout).toBe("gone\n");
  });

  test("one that prints without end is cut, told so, and can be stopped", async () => {
    const run = page.begin('for (;;) console.log("x".repeat(1000));');
    const { limit } = await page.hear("cut", run);
    page.say({ type: "stop", slot: 0 });
    const { stdout, ended } = await page.end(run);
    expect(stdout).toHaveLength(limit);
    expect(ended.stopped).toBe(true);
  });

  test("its page closes, and it is gone", async () => {
    const other = await studio.page();
    const run = other.begin('setInterval(() => {}, 1000); console.log("ready");');
    await other.printed("ready", run);
    const { pid } = await other.hear("started", run);
    other.close();
    await expect.poll(() => isAlive(pid!), { timeout: 10_000 }).toBe(false);
  });
});

test("a hundred thousand steps come soon after the end", async () => {
  const source = `import * as asyncio from "turnwise";
const turns = async (): Promise<void> => {
  for (let i = 0; i < 50_000; i++) await asyncio.sleep(0);
};
await asyncio.run(() => asyncio.gather(turns, turns));
console.log("done");
`;
  const run = page.begin(source);
  await page.printed("done", run);
  const begin = performance.now();
  const { trace } = await page.end(run);
  expect(trace!.trace.steps.length).toBeGreaterThan(100_000);
  // A second or two where nobody else is at work.
  expect(performance.now() - begin).toBeLessThan(10_000);
});

describe("a file", () => {
  const files = {
    "helper.ts": 'export const word: string = "helped";\n',
    "main.ts": `import { word } from "./helper.ts";
console.log(word, import.meta.url.endsWith("/main.ts"), process.argv[1]?.endsWith("main.ts"));
`,
    "old.cjs": 'console.log("old", __filename.endsWith("old.cjs"));\n',
    "open.js": "",
  };
  let directory: ProgramDirectory;
  let files_: Studio;
  let its: Page;
  const path = (name: string): string => join(directory.path, name);
  beforeAll(async () => {
    directory = new ProgramDirectory(files);
    files_ = await Studio.start(["main.ts", "old.cjs", "open.js"], directory.path);
    its = await files_.page();
  });
  afterAll(async () => {
    await files_[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  test("is offered, with its text", async () => {
    const { programs, shown } = await its.hear("hello");
    expect(shown).toBe(3);
    const main = { name: "main.ts", file: path("main.ts"), language: "typescript", source: files["main.ts"] };
    expect(programs[0]).toEqual(main);
  });

  test("runs as it is", async () => {
    const { stdout, started } = await its.run(files["main.ts"], { file: path("main.ts") });
    expect([stdout, started!.file]).toEqual(["helped true true\n", path("main.ts")]);
  });

  test("runs as it was edited, in its place; on disk it stays as it is", async () => {
    const edited = files["main.ts"].replace("word,", "`edited, ${word}`,");
    const { stdout } = await its.run(edited, { file: path("main.ts") });
    expect(stdout).toBe("edited, helped true true\n");
    expect(readFileSync(path("main.ts"), "utf8")).toBe(files["main.ts"]);
    expect(readdirSync(directory.path).toSorted()).toEqual(["node_modules", ...Object.keys(files)].toSorted());
  });

  test("an error in edited text has its place there, in the file; so have blocked lines, with their text", async () => {
    const padding = "\n".repeat(50);
    const broken = await its.run(`${padding}const x = ;`, { file: path("main.ts") });
    expect(broken.ended.error).toMatchObject({ file: path("main.ts"), line: 51 });
    const blocks = `${padding}Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);\nthrow new Error("x");`;
    const { ended, trace } = await its.run(blocks, { file: path("main.ts") });
    expect(ended.error).toMatchObject({ message: "Error: x", file: path("main.ts"), line: 52, column: 7 });
    const [stretch] = trace!.trace.blocked;
    expect(stretch?.blame).toMatchObject({ file: path("main.ts"), line: 51 });
    expect(stretch?.source?.lines[51 - stretch.source.first]).toContain("Atomics.wait");
    expect(trace!.trace.sources).toEqual([{ file: path("main.ts"), text: blocks }]);
  });

  test("CommonJS, and a file that becomes a module as it is edited", async () => {
    const old = await its.run('const a = 1; console.log("new", a, __filename.endsWith("old.cjs"));', {
      file: path("old.cjs"),
    });
    expect(old.stdout).toBe("new 1 true\n");
    const broken = await its.run("const a = ;", { file: path("old.cjs") });
    expect(broken.ended.error).toMatchObject({ file: path("old.cjs"), line: 1 });
    const open = await its.run('import "node:fs"; await 0; console.log("module");', { file: path("open.js") });
    expect(open.stdout).toBe("module\n");
  });

  test("a syntax error in what it imports is told of that file", async () => {
    writeFileSync(path("broken.ts"), "\nexport const = 1;\n");
    const { ended } = await its.run('import "./broken.ts";', { file: path("main.ts") });
    expect(ended.error).toMatchObject({ file: path("broken.ts"), line: 2 });
  });

  test("that was not named is refused", async () => {
    its.begin("", { file: "/etc/passwd", run: 999 });
    expect((await its.hear("refused")).message).toContain("/etc/passwd");
  });
});

test("messages that make no sense are refused, and the next is heard", async () => {
  const other = await studio.page();
  for (const message of ["no JSON", "[]", '{"type":"constructor"}', '{"type":"stop","slot":4}']) {
    other.say(message);
  }
  expect((await other.run('console.log("heard")')).stdout).toBe("heard\n");
});

test("no folder is left behind", async () => {
  await expect.poll(() => foldersLeft().filter((name) => existsSync(join(tmpdir(), name, "result.json")))).toEqual([]);
});
