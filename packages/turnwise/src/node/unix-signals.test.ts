import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { ContextVar } from "../contextvars.ts";
import { RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { run, Runner } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { openOn } from "./resources.ts";
import { addSignalHandler, removeSignalHandler } from "./unix-signals.ts";

const directory = mkdtempSync(join(tmpdir(), "turnwise-signals-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A future of the running loop, and a handler that gives it what it is called with. */
function heard<T>(): { future: Future<T>; handler: (value: T) => void } {
  const future = getRunningLoop().createFuture<T>();
  return { future, handler: (value) => future.setResult(value) };
}

describe("addSignalHandler", () => {
  test("calls the callback with its arguments when the process gets the signal", async () => {
    const got = await run(async () => {
      const { future, handler } = heard<string>();
      addSignalHandler("SIGUSR2", handler, "an argument");
      process.kill(process.pid, "SIGUSR2");
      return await future;
    });
    expect(got).toBe("an argument");
  });

  test("runs the callback as one of the loop's: no task's code, with the variables of who added it", async () => {
    const variable = new ContextVar("variable", { defaultValue: "unset" });
    const got = await run(async () => {
      variable.set("when it was added");
      const { future, handler } = heard<unknown[]>();
      addSignalHandler("SIGUSR2", () =>
        handler([currentTask(), variable.get(), getRunningLoop() === future.getLoop()]),
      );
      variable.set("later");
      process.kill(process.pid, "SIGUSR2");
      return await future;
    });
    expect(got).toEqual([null, "when it was added", true]);
  });

  test("hands an error of the callback to the exception handler, and hears the next signal", async () => {
    const messages: string[] = [];
    await run(async () => {
      const loop = getRunningLoop();
      const { future, handler } = heard<void>();
      loop.setExceptionHandler((_loop, context) => messages.push(context.message));
      let calls = 0;
      addSignalHandler("SIGUSR2", function onSignal() {
        if (++calls === 2) return handler();
        process.kill(process.pid, "SIGUSR2");
        throw new Error("mine");
      });
      process.kill(process.pid, "SIGUSR2");
      await future;
    });
    expect(messages).toEqual(["Exception in callback onSignal()"]);
  });

  test("replaces the handler that was there", async () => {
    const got: string[] = [];
    await run(async () => {
      addSignalHandler("SIGUSR2", () => got.push("the first"));
      const { future, handler } = heard<void>();
      addSignalHandler("SIGUSR2", () => {
        got.push("the second");
        handler();
      });
      expect(process.listenerCount("SIGUSR2")).toBe(1);
      process.kill(process.pid, "SIGUSR2");
      await future;
    });
    expect(got).toEqual(["the second"]);
  });

  test("leaves each of two loops its own handler", async () => {
    const hears = (name: string) => async (): Promise<string> => {
      const { future, handler } = heard<string>();
      addSignalHandler("SIGUSR2", handler, name);
      if (process.listenerCount("SIGUSR2") === 2) process.kill(process.pid, "SIGUSR2");
      return await future;
    };
    expect(await Promise.all([run(hears("one")), run(hears("two"))])).toEqual(["one", "two"]);
  });

  test("is gone when the loop is closed", async () => {
    const runner = new Runner();
    const loop = runner.getLoop();
    await runner.run(async () => addSignalHandler("SIGUSR2", () => {}));
    expect([process.listenerCount("SIGUSR2"), openOn(loop).size]).toEqual([1, 1]);
    await runner.close();
    expect([process.listenerCount("SIGUSR2"), openOn(loop).size]).toEqual([0, 0]);
  });

  test("refuses what cannot be: signals that nobody can catch, unknown ones, async callbacks, no callback", async () => {
    await run(async () => {
      const nothing = (): void => {};
      expect(() => addSignalHandler("SIGKILL", nothing)).toThrow(new RuntimeError("sig SIGKILL cannot be caught"));
      expect(() => addSignalHandler("SIGSTOP", nothing)).toThrow(new RuntimeError("sig SIGSTOP cannot be caught"));
      expect(() => addSignalHandler("sigterm" as never, nothing)).toThrow(
        new RangeError('unknown signal "sigterm": did you mean "SIGTERM"?'),
      );
      expect(() => addSignalHandler("HUP" as never, nothing)).toThrow(/did you mean "SIGHUP"\?/);
      expect(() => addSignalHandler("SIGNONE" as never, nothing)).toThrow(new RangeError('unknown signal "SIGNONE"'));
      expect(() => addSignalHandler("SIGUSR2", async () => {})).toThrow(
        new TypeError("coroutines cannot be used with add_signal_handler(): start a task in the callback"),
      );
      expect(() => addSignalHandler("SIGUSR2", 5 as never)).toThrow(TypeError);
      expect(openOn(getRunningLoop()).size).toBe(0);
    });
    expect(process.listenerCount("SIGUSR2")).toBe(0);
  });

  test("says in a worker thread that only the main thread hears signals", async () => {
    const imports = `const { run } = await import(${JSON.stringify(new URL("../runners.ts", import.meta.url).href)});
      const { addSignalHandler } = await import(${JSON.stringify(new URL("unix-signals.ts", import.meta.url).href)});
      const { parentPort } = await import("node:worker_threads");`;
    const worker = new Worker(
      `(async () => { ${imports}
        await run(async () => addSignalHandler("SIGUSR2", () => {})).catch((error) => parentPort.postMessage(String(error)));
      })();`,
      { eval: true, execArgv: ["--conditions=turnwise-source", "--disable-warning=ExperimentalWarning"] },
    );
    const message = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    expect(message).toMatch(/^RuntimeError: add_signal_handler\(\) works in the main thread only/);
    await worker.terminate();
  });
});

describe("removeSignalHandler", () => {
  test("says whether there was one, and takes back the calls that are due", async () => {
    const got: string[] = [];
    await run(async () => {
      expect(removeSignalHandler("SIGUSR2")).toBe(false);
      addSignalHandler("SIGUSR2", () => got.push("removed"));
      const { future, handler } = heard<void>();
      process.once("SIGUSR2", () => {
        expect(removeSignalHandler("SIGUSR2")).toBe(true);
        handler();
      });
      process.kill(process.pid, "SIGUSR2");
      await future;
      await sleep(0);
      expect(removeSignalHandler("SIGUSR2")).toBe(false);
      expect(openOn(getRunningLoop()).size).toBe(0);
    });
    expect([got, process.listenerCount("SIGUSR2")]).toEqual([[], 0]);
  });
});

interface Outcome {
  code: number | null;
  signal: string | null;
  stdout: string;
}

/** Runs a program in a process of its own. Sends it SIGINT for each line "^C" that it prints. */
async function program(body: string): Promise<Outcome> {
  const file = join(directory, `program-${Math.random()}.mts`);
  const from = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  writeFileSync(
    file,
    `import { getRunningLoop, run, sleep } from ${from("../index.ts")};
     import { addSignalHandler, removeSignalHandler } from ${from("unix-signals.ts")};
     ${body}`,
  );
  const child = spawn(process.execPath, [
    "--conditions=turnwise-source",
    "--disable-warning=ExperimentalWarning",
    file,
  ]);
  const kill = setTimeout(() => child.kill("SIGKILL"), 25_000);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const line of text.split("\n")) if (line === "^C") child.kill("SIGINT");
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on("close", (...how) => resolve(how)),
  );
  clearTimeout(kill);
  return { code, signal, stdout };
}

describe.concurrent("SIGINT, in a process of its own", () => {
  test("a handler takes Ctrl-C away from run", async () => {
    const outcome = await program(`await run(async () => {
      const future = getRunningLoop().createFuture();
      addSignalHandler("SIGINT", () => future.setResult("the handler"));
      console.log("^C");
      console.log(await future);
    });`);
    expect(outcome).toEqual({ code: 0, signal: null, stdout: "^C\nthe handler\n" });
  });

  test("once it is removed, Ctrl-C cancels the main task again", async () => {
    const outcome = await program(`await run(async () => {
      addSignalHandler("SIGINT", () => console.log("the handler"));
      removeSignalHandler("SIGINT");
      console.log("^C");
      try { await sleep(20); } finally { console.log("cancelled"); }
    });`);
    expect(outcome).toEqual({ code: null, signal: "SIGINT", stdout: "^C\ncancelled\n" });
  });

  test("a handler does not keep the process alive", async () => {
    const outcome = await program(`await run(async () => {
      addSignalHandler("SIGINT", () => {});
      console.log("main is over");
    });`);
    expect(outcome).toEqual({ code: 0, signal: null, stdout: "main is over\n" });
  });
});
