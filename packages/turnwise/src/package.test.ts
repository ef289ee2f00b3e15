// The package as its users get it: packed, installed, bundled for a browser. Needs `npm run build`, which `npm test` does.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const execute = promisify(execFile);
const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const binaries = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));

/** What a browser gets of `code`, in one script. */
async function bundle(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: packageFolder },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  expect(
    Object.values(result.metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external)),
  ).toEqual([]);
  return result.outputFiles[0]?.text ?? "";
}

describe("in a browser", () => {
  const program = `
    import * as asyncio from "turnwise";
    const log = [];
    const nested = (depth) => async () => { if (depth > 0) await nested(depth - 1)(); else await asyncio.sleep(0); };
    const variable = new asyncio.ContextVar("v", { defaultValue: "outside" });
    async function main() {
      const steps = (name, depth) => async () => {
        for (let i = 0; i < 2; i++) {
          log.push(name + i + " " + asyncio.currentTask().getName());
          await nested(depth)();
        }
      };
      await asyncio.gather(asyncio.createTask(steps("A", 3), { name: "a" }), asyncio.createTask(steps("B", 1), { name: "b" }));
      await asyncio.timeout(0.01, () => asyncio.sleep(1)).catch((error) => log.push(error.name));
      await asyncio.createTask(async () => { variable.set("inside"); await asyncio.sleep(0); log.push(variable.get()); });
      log.push(variable.get());
      const queue = new asyncio.Queue(1);
      await asyncio.taskGroup(async (group) => {
        group.createTask(async () => { await queue.put(1); await queue.put(2); queue.shutdown(); });
        for await (const item of queue) log.push(item);
      });
      return log;
    }
    globalThis.result = asyncio.run(main);
  `;

  test("it runs, in asyncio's order, with nothing of Node's", async () => {
    // No `process`, no AsyncLocalStorage, no setImmediate. Real time: ten milliseconds of it.
    const { AbortController, clearTimeout, MessageChannel, performance, setTimeout } = globalThis;
    const browser = { AbortController, clearTimeout, console, MessageChannel, performance, setTimeout };
    const page: Record<string, unknown> = { ...browser };
    runInNewContext(await bundle(program), page);
    expect(await (page["result"] as Promise<unknown>)).toEqual([
      "A0 a",
      "B0 b",
      "A1 a",
      "B1 b",
      "TimeoutError",
      "inside",
      "outside",
      1,
      2,
    ]);
  });

  const core = "run, createTask, sleep, gather, timeout, interruptible, currentTask, CancelledError";
  test.each([
    ["the core", core, 12_000],
    ["the core with task groups", `${core}, taskGroup`, 13_700],
  ])("%s is small", async (_, names, most) => {
    const code = await bundle(`import { ${names} } from "turnwise"; globalThis.used = [${names}];`);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(most);
  });
});

describe("from npm", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "turnwise-package-"));
    await execute("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: packageFolder });
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
    const tarball = join(folder, "turnwise-0.1.0.tgz");
    await execute("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: folder });
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("it runs in an empty project", async () => {
    await writeFile(
      join(folder, "main.js"),
      `import { run, sleep } from "turnwise";
       import { runVirtual } from "turnwise/testing";
       console.log(await run(() => sleep(0, "real")), await runVirtual(() => sleep(3600, "virtual")));`,
    );
    const { stdout } = await execute(process.execPath, ["main.js"], { cwd: folder });
    expect(stdout).toBe("real virtual\n");
  });

  test("its types work without skipLibCheck", { timeout: 60_000 }, async () => {
    await writeFile(
      join(folder, "main.ts"),
      `import * as asyncio from "turnwise";
       import { runVirtual } from "turnwise/testing";
       const main = async (): Promise<number> => {
         const [a, b] = await asyncio.gather(async () => 1, () => asyncio.sleep(1, "two"));
         const task: asyncio.Task<string> = asyncio.createTask(async () => b.toUpperCase());
         const group: string = await asyncio.taskGroup(async (group) => await group.createTask(() => task));
         return a + group.length;
       };
       const result: number = await asyncio.run(main);
       await runVirtual(main);
       console.log(result);`,
    );
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: "nodenext",
          target: "es2022",
          lib: ["es2023", "dom", "esnext.disposable"],
          types: [],
        },
        include: ["main.ts"],
      }),
    );
    await expect(execute(process.execPath, [join(binaries, "tsc"), "-p", folder])).resolves.toMatchObject({
      stdout: "",
    });
  });

  test("publint finds nothing", { timeout: 60_000 }, async () => {
    const { messages } = await publint({ pkgDir: packageFolder, pack: "npm", level: "suggestion" });
    expect(messages).toEqual([]);
  });

  test("its types resolve for every user of ES modules", { timeout: 60_000 }, async () => {
    const tarball = join(folder, "turnwise-0.1.0.tgz");
    // It exits with 1 if it finds anything.
    await execute(process.execPath, [join(binaries, "attw"), tarball, "--profile", "esm-only", "--no-color"]);
  });
});
