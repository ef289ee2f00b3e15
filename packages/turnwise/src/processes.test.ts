/** Programs in processes of their own: how they end, and what would hang or fill this one. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "turnwise-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Outcome {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

let count = 0;

/** Runs a program. Sends Ctrl-C for each line "^C" that it prints. It is killed after 30 s: none takes a tenth of it. */
async function program(source: string, flags: string[] = []): Promise<Outcome> {
  const file = join(directory, `program-${++count}.mts`);
  const index = JSON.stringify(new URL("index.ts", import.meta.url).href);
  const testing = JSON.stringify(new URL("testing.ts", import.meta.url).href);
  const imports = `import * as asyncio from ${index}; import { runVirtual } from ${testing}; const { sleep, run, createTask, currentTask, getRunningLoop } = asyncio; void runVirtual;`;
  writeFileSync(file, `${imports}\n${source}`);
  const child = spawn(process.execPath, [
    "--conditions=turnwise-source",
    "--disable-warning=ExperimentalWarning",
    ...flags,
    file,
  ]);
  const kill = setTimeout(() => child.kill("SIGKILL"), 30_000);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const line of text.split("\n")) if (line === "^C") child.kill("SIGINT");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on("close", (...how) => resolve(how)),
  );
  clearTimeout(kill);
  return { code, signal, stdout, stderr };
}

// Real processes, real time: that is what is tested here. They wait for each other's cores, so they have time.
describe.concurrent("run", { timeout: 40_000 }, () => {
  test("exits when main is done, whatever timers the loop still had", async () => {
    const { code, stdout, stderr } = await program(`
      await run(async () => { getRunningLoop().callLater(3600, () => {}); await sleep(0.01); console.log("done"); });
    `);
    expect([code, stdout, stderr]).toEqual([0, "done\n", ""]);
  });

  test("an error of main's ends the process with code 1, and its stack names the user's line", async () => {
    const { code, stderr } = await program(`await run(async () => {
      await sleep(0);
      throw new Error("mine");
    });`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: mine/);
    expect(stderr).toMatch(/program-\d+\.mts:4/);
  });

  test("stays alive while main waits for what only a signal handler gives", async () => {
    const { code, stdout } = await program(`
      let resolve = () => {};
      process.once("SIGINT", () => resolve());
      await run(async () => {
        const future = getRunningLoop().createFuture();
        resolve = () => future.setResult();
        console.log("^C");
        await future;
        console.log("resolved by the handler");
      });
    `);
    expect([code, stdout]).toEqual([0, "^C\nresolved by the handler\n"]);
  });

  test("leaves Ctrl-C to a listener that main sets", async () => {
    const { code, stdout } = await program(`
      await run(async () => {
        const future = getRunningLoop().createFuture();
        process.once("SIGINT", () => future.setResult("resolved by the handler"));
        console.log("^C");
        console.log(await future);
      });
    `);
    expect([code, stdout]).toEqual([0, "^C\nresolved by the handler\n"]);
  });

  test("Ctrl-C cancels main, which may clean up with waits; then the process dies by SIGINT", async () => {
    const { signal, stdout, stderr } = await program(`
      await run(async () => {
        try { console.log("^C"); await sleep(60); } finally { await sleep(0.01); console.log("cleaned up"); }
      });
    `);
    expect([signal, stdout, stderr]).toEqual(["SIGINT", "^C\ncleaned up\n", ""]);
  });

  test("Ctrl-C can be caught around run", async () => {
    const { code, stdout } = await program(`
      try { await run(async () => { console.log("^C"); await sleep(60); }); }
      catch (thrown) { console.log(thrown instanceof asyncio.KeyboardInterrupt); }
    `);
    expect([code, stdout]).toEqual([0, "^C\ntrue\n"]);
  });

  test("a second Ctrl-C ends the process at once", async () => {
    const { signal, stdout } = await program(`
      await run(async () => {
        for (let i = 0; i < 2; i++) {
          console.log("^C");
          try { await sleep(60); } catch {}
        }
        console.log("not reached");
      });
    `);
    expect([signal, stdout]).toEqual(["SIGINT", "^C\n^C\n"]);
  });

  test("Ctrl-C cancels two programs that run at once", async () => {
    const { stdout } = await program(`
      const main = async () => { await sleep(60); };
      const both = [run(main), run(main)];
      setTimeout(() => console.log("^C"), 50);
      const ends = await Promise.allSettled(both);
      console.log(ends.map(({ status }) => status).join());
    `);
    expect(stdout).toBe("^C\nrejected,rejected\n");
  });

  test("leftover tasks are cancelled and awaited, and their errors reported", async () => {
    const { code, stdout, stderr } = await program(`
      await run(async () => {
        createTask(async () => { try { await sleep(60); } finally { await sleep(0.01); console.log("left"); } });
        createTask(async () => { try { await sleep(60); } catch { throw new Error("while it ended"); } });
        await sleep(0);
        console.log("main");
      });
    `);
    expect([code, stdout]).toEqual([0, "main\nleft\n"]);
    expect(stderr).toMatch(/unhandled exception during asyncio.run\(\) shutdown[^]*while it ended/);
  });

  test("an error that nobody retrieved is reported at the end", async () => {
    const { code, stderr } = await program(`
      await run(async () => { createTask(async () => { throw new Error("lost"); }); await sleep(0.01); });
    `);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Task exception was never retrieved[^]*lost/);
  });

  test("inside a running loop is refused", async () => {
    const { stdout } = await program(`
      await run(async () => { await run(async () => {}).catch((error) => console.log(String(error))); });
    `);
    expect(stdout).toMatch(/RuntimeError: asyncio.run\(\) cannot be called from a running event loop/);
  });

  test("twice at once, and one after the other, works", async () => {
    const { code, stdout } = await program(`
      const main = async (n: number) => { await sleep(0.01); return n; };
      console.log(await Promise.all([run(() => main(1)), run(() => main(2))]));
      console.log(await run(() => main(3)));
    `);
    expect([code, stdout]).toEqual([0, "[ 1, 2 ]\n3\n"]);
  });

  test("works in a worker thread", async () => {
    const { code, stdout } = await program(`
      import { isMainThread, Worker } from "node:worker_threads";
      if (isMainThread) new Worker(new URL(import.meta.url));
      else console.log(await run(async () => { await sleep(0.01); return "in a worker"; }));
    `);
    expect([code, stdout]).toEqual([0, "in a worker\n"]);
  });
});

describe.concurrent("without async context frames", { timeout: 40_000 }, () => {
  test("current tasks, storages and variables are right", async () => {
    const { code, stdout, stderr } = await program(
      `
      import { AsyncLocalStorage } from "node:async_hooks";
      import assert from "node:assert/strict";
      const als = new AsyncLocalStorage<string>();
      const variable = new asyncio.ContextVar<string>("v", { defaultValue: "none" });
      await als.run("outside", () => run(async () => {
        const worker = async (name: string) => {
          const me = currentTask();
          als.enterWith(name);
          variable.set(name);
          for (let i = 0; i < 3; i++) {
            await sleep(0.001);
            assert.equal(currentTask(), me);
            await new Promise((resolve) => setTimeout(resolve, 1));
            assert.deepEqual([als.getStore(), variable.get(), currentTask()], [name, name, me]);
            await als.run("inner", async () => { await sleep(0); assert.equal(als.getStore(), "inner"); });
            await Promise.all([sleep(0), sleep(0.001)]);
          }
        };
        getRunningLoop().callSoon(() => { assert.equal(als.getStore(), "outside"); assert.equal(currentTask(), null); });
        await asyncio.gather(() => worker("a"), () => worker("b"));
        assert.deepEqual([als.getStore(), variable.get()], ["outside", "none"]);
      }));
      assert.equal(als.getStore(), undefined);
      console.log("right");
    `,
      // Node 22 has no such flag, and no frames either.
      process.allowedNodeEnvironmentFlags.has("--no-async-context-frame") ? ["--no-async-context-frame"] : [],
    );
    expect([code, stdout, stderr]).toEqual([0, "right\n", ""]);
  });
});

describe.concurrent("what would hang the tests", { timeout: 40_000 }, () => {
  test("two tasks that wait for each other are a deadlock, and can be cancelled", async () => {
    const { stdout, signal } = await program(`
      await runVirtual(async () => {
        const a: asyncio.Task<void> = createTask(async () => { await b; });
        const b: asyncio.Task<void> = createTask(async () => { await a; });
        await a;
      }).catch((error) => console.log(error.name));
    `);
    expect([stdout, signal]).toEqual(["DeadlockError\n", null]);
  });

  test("a sleep of a year ends under virtual time", async () => {
    const { stdout, signal } = await program(`
      await runVirtual(async () => { await sleep(365 * 86_400); console.log(getRunningLoop().time()); });
    `);
    expect([stdout, signal]).toEqual(["31536000\n", null]);
  });

  test("a sleep or timeout of Infinity does not hide a deadlock", async () => {
    const { stdout, signal } = await program(`
      await runVirtual(() => sleep(Infinity)).catch((error) => console.log(error.name));
      await runVirtual(() => asyncio.timeout(Infinity, () => new asyncio.Queue().get())).catch((error) => console.log(error.name));
    `);
    expect([stdout, signal]).toEqual(["DeadlockError\nDeadlockError\n", null]);
  });

  test("under virtual time too the host has its turns while tasks are always ready", async () => {
    const { stdout, signal } = await program(`
      import { readFile } from "node:fs/promises";
      await runVirtual(async () => {
        let read = false;
        createTask(async () => { await readFile(import.meta.filename); read = true; });
        while (!read) await sleep(0);
        console.log("read");
      });
    `);
    expect([stdout, signal]).toEqual(["read\n", null]);
  });
});

describe("memory", { timeout: 30_000 }, () => {
  test("100,000 tasks that were parked and cancelled leave nothing behind", async () => {
    const { stdout } = await program(
      `
      await run(async () => {
        const used = () => { globalThis.gc!(); return process.memoryUsage().heapUsed / 1e6; };
        const controller = new AbortController();
        const round = async () => {
          const forever = getRunningLoop().createFuture();
          let tasks: asyncio.Task<unknown>[] | null = [];
          for (let i = 0; i < 100_000; i++) {
            const wait = i % 2 === 0 ? () => sleep(3600) : () => asyncio.shield(forever);
            tasks.push(createTask(async () => { await wait(); }, { signal: controller.signal }));
            if (i % 1000 === 999) { await sleep(0); for (const task of tasks.splice(0)) task.cancel(); }
          }
          await sleep(0.05);
        };
        await round();
        await sleep(0.05);
        const before = used();
        await round();
        await sleep(0.05);
        console.log(Math.round(used() - before));
      });
    `,
      ["--expose-gc"],
    );
    expect(stdout).toMatch(/^-?\d+\n$/);
    expect(Number(stdout)).toBeLessThan(10);
  });
});
