/** However a recorded program ends, it ends as without being recorded, and what it did is told. */
import { describe, expect, test } from "vitest";
import { ProgramDirectory, type Running, runSource, start } from "../testing/program.ts";
import { summaryOf } from "../testing/summary.ts";

/** Signals are another matter there. */
const unlessWindows = test.skipIf(process.platform === "win32");

/** Starts the program with `--summary --json` (or other flags), lets `then` do something, and gives the outcome. */
async function started(source: string, then: (running: Running) => unknown, flags = ["--summary", "--json"]) {
  using directory = new ProgramDirectory({ "program.mjs": source });
  const running = start(["run", ...flags, "program.mjs"], { cwd: directory.path });
  await then(running);
  return await running.outcome;
}

test("process.exit", async () => {
  const outcome = await runSource("setTimeout(() => process.exit(3), 10)", { flags: ["--json"] });
  expect(outcome).toMatchObject({ code: 3, signal: null, stdout: "" });
  expect(summaryOf(outcome).program.exitCode).toBe(3);
});

test("an exit code that is set", async () => {
  const outcome = await runSource("process.exitCode = 42", { flags: ["--json"] });
  expect(outcome.code).toBe(42);
  expect(summaryOf(outcome).program.exitCode).toBe(42);
});

test("an uncaught error is printed as without, and the summary after it", async () => {
  const source = `setTimeout(() => {
  throw new RangeError("too far");
}, 5);`;
  const [recorded, plain] = await Promise.all([runSource(source, { flags: ["--json"] }), runSource(source)]);
  const withoutFolder = (text: string) => text.replace(/turnwise-test-\w+/g, "");
  expect(recorded.code).toBe(1);
  expect(withoutFolder(recorded.stderr.slice(0, recorded.stderr.indexOf('{"format"')))).toBe(
    withoutFolder(plain.stderr),
  );
  expect(summaryOf(recorded).program.exitCode).toBe(1);
});

test("an unhandled rejection", async () => {
  const outcome = await runSource('Promise.reject(new TypeError("nobody"));', { flags: ["--json"] });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain("TypeError: nobody");
  expect(summaryOf(outcome).program.exitCode).toBe(1);
});

test("an error out of the main task", async () => {
  const source = `import * as asyncio from "turnwise";
    await asyncio.run(async () => { await asyncio.sleep(0.01); throw new RangeError("too far"); });`;
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain("RangeError: too far");
  expect(summaryOf(outcome).warnings).toEqual([]);
});

test("a top level that waits for ever", async () => {
  const outcome = await runSource("await new Promise(() => {})", { flags: ["--json"] });
  expect(outcome.code).toBe(13);
  expect(summaryOf(outcome).program.exitCode).toBe(13);
});

test("stdin, arguments and a large output pass through", async () => {
  const source = `console.log(process.argv.slice(2).join());
    for await (const chunk of process.stdin) process.stdout.write(chunk);
    process.stdout.write("x".repeat(1_000_000));`;
  using directory = new ProgramDirectory({ "program.mjs": source });
  const { child, outcome } = start(["run", "--json", "program.mjs", "--json", "-x"], { cwd: directory.path });
  child.stdin?.end("hello");
  expect((await outcome).stdout).toBe(`--json,-x\nhello${"x".repeat(1_000_000)}`);
});

const SLEEPER = `import * as asyncio from "turnwise";
await asyncio.run(async () => {
  try {
    console.log("ready");
    await asyncio.sleep(60);
  } finally {
    console.log("cleaning up");
  }
});`;

unlessWindows("Ctrl-C: the main task cleans up, the summary is printed, and the process ends by SIGINT", async () => {
  const outcome = await started(SLEEPER, async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGINT");
  });
  expect(outcome).toMatchObject({ stdout: "ready\ncleaning up\n", code: null, signal: "SIGINT" });
  expect(outcome.stderr).toMatch(/s taken/);
  expect(summaryOf(outcome).program.exitCode).toBeNull();
});

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  unlessWindows(`${signal} ends the process by the signal, and the summary is printed`, async () => {
    const outcome = await started(SLEEPER, async ({ child, printed }) => {
      await printed("ready");
      child.kill(signal);
    });
    expect(outcome).toMatchObject({ stdout: "ready\n", code: null, signal });
    expect(summaryOf(outcome).program.exitCode).toBeNull();
  });
}

describe("a program in which every task waits for another", () => {
  const stuck = (more: string): string => `import * as asyncio from "turnwise";
${more}
await asyncio.run(async () => {
  asyncio.getRunningLoop().callLater(0.05, () => console.log("ready"));
  await asyncio.gather(() => new asyncio.Event().wait(), () => new asyncio.Queue().get());
});`;
  const warned = async (source: string, signal: NodeJS.Signals): Promise<string[]> => {
    const outcome = await started(source, async ({ child, printed }) => {
      await printed("ready");
      child.kill(signal);
    });
    return summaryOf(outcome).warnings.map(({ code }) => code);
  };

  unlessWindows("and nothing else is left: a deadlock, by whatever signal it is ended", async () => {
    expect(await warned(stuck(""), "SIGINT")).toEqual(["TW005"]);
    expect(await warned(stuck(""), "SIGTERM")).toEqual(["TW005"]);
  });

  unlessWindows("but a timer, a server, its input or a signal could wake one: none", async () => {
    const others = [
      "setInterval(() => {}, 60_000);",
      '(await import("node:http")).createServer().listen(0);',
      'process.stdin.on("data", () => {});',
      'process.on("SIGUSR2", () => {});',
    ];
    for (const other of others) expect(await warned(stuck(other), "SIGINT")).toEqual([]);
  });
});

unlessWindows("Ctrl-C ends a plain program that does not listen", async () => {
  const outcome = await started('console.log("ready"); setInterval(() => {}, 1000);', async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGINT");
  });
  expect(outcome).toMatchObject({ stdout: "ready\n", code: null, signal: "SIGINT" });
  expect(summaryOf(outcome).program.exitCode).toBeNull();
});

unlessWindows("Ctrl-C calls a program's own listener, and nothing else", async () => {
  const source = `console.log(process.listenerCount("SIGINT"), process.listeners("SIGINT").length, "before");
    process.on("SIGINT", () => {
      console.log(process.listenerCount("SIGINT"), process.listeners("SIGINT").length, "heard");
      process.exit(7);
    });
    setInterval(() => {}, 1000);
    console.log("ready");`;
  const outcome = await started(source, async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGINT");
  });
  expect(outcome).toMatchObject({ stdout: "0 0 before\nready\n1 1 heard\n", code: 7, signal: null });
});

unlessWindows("what a program makes of SIGINT goes on: it need not end", async () => {
  const source = `let heard = 0;
    process.on("SIGTERM", () => console.log("heard", ++heard));
    const timer = setInterval(() => { if (heard > 0) clearInterval(timer); }, 10);
    console.log("ready");`;
  const outcome = await started(source, async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGTERM");
  });
  expect(outcome).toMatchObject({ stdout: "ready\nheard 1\n", code: 0, signal: null });
});

unlessWindows("a listener that is there once and gone again leaves SIGINT deadly", async () => {
  const source = `const listener = () => console.log("wrong");
    process.on("SIGINT", listener);
    process.off("SIGINT", listener);
    process.on("SIGINT", listener);
    process.removeAllListeners("SIGINT");
    setInterval(() => {}, 1000);
    console.log("ready");`;
  const outcome = await started(source, async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGINT");
  });
  expect(outcome).toMatchObject({ stdout: "ready\n", code: null, signal: "SIGINT" });
  expect(summaryOf(outcome).program.exitCode).toBeNull();
});

unlessWindows("who sends a signal to itself ends by it", async () => {
  const outcome = await started('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);', () => {});
  expect(outcome).toMatchObject({ code: null, signal: "SIGTERM" });
  expect(summaryOf(outcome).program.exitCode).toBeNull();
});

unlessWindows("a second Ctrl-C ends a program that blocks its thread", async () => {
  const source = `import * as asyncio from "turnwise";
    await asyncio.run(async () => { console.log("ready"); for (;;); });`;
  const outcome = await started(source, async ({ child, printed }) => {
    await printed("ready");
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
  });
  expect(outcome.code ?? outcome.signal).toMatch(/^SIG(INT|KILL)$/);
});

unlessWindows("a program that kills itself is told of all the same", async () => {
  const outcome = await started('process.kill(process.pid, "SIGKILL");', () => {});
  expect(outcome).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(outcome.stderr).toMatch(/^\n.* taken/);
  expect(summaryOf(outcome).program.exitCode).toBeNull();
});

unlessWindows("a program that is killed by others can't tell anything, and that is said", async () => {
  const source = "console.log(process.pid); setInterval(() => {}, 1000);";
  const outcome = await started(source, ({ child }) => {
    child.stdout?.once("data", (pid: string) => process.kill(Number(pid), "SIGKILL"));
  });
  expect(outcome).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(outcome.stderr).toBe("turnwise: the program ended before it could tell what it did\n");
});

test("an exit listener that exits", async () => {
  const source = 'process.on("exit", () => process.exit(5)); process.removeAllListeners("SIGINT");';
  const outcome = await runSource(source, { flags: ["--json"] });
  expect(outcome.code).toBe(5);
  expect(summaryOf(outcome).program.exitCode).toBe(5);
});
