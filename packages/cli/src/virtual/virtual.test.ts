import { expect, test } from "vitest";
import { ProgramDirectory, runSource, start, type Outcome } from "../testing/program.ts";

function runVirtual(source: string, args: string[] = []): Promise<Outcome> {
  return runSource(source, { flags: ["--virtual"], args });
}

/** What a program that ends well printed. */
async function printed(source: string): Promise<string[]> {
  const { stdout, ...rest } = await runVirtual(source);
  expect(rest).toEqual({ stderr: "", code: 0, signal: null });
  return stdout.split("\n").slice(0, -1);
}

test("every clock agrees on what a sleep took", async () => {
  expect(
    await printed(`
      import { setTimeout as sleep, scheduler } from "node:timers/promises";
      import { promisify } from "node:util";
      const clocks = [
        Date.now, () => +new Date(), () => performance.now(), () => process.uptime() * 1e3,
        () => Number(process.hrtime.bigint()) / 1e6, () => process.hrtime()[0] * 1e3 + process.hrtime()[1] / 1e6,
        () => globalThis.Temporal?.Now.instant().epochMilliseconds ?? Date.now(),
      ];
      const before = clocks.map((read) => read());
      const [seconds, nanoseconds] = process.hrtime();
      await sleep(1000);
      await scheduler.wait(1000);
      await promisify(setTimeout)(1000);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
      console.log(clocks.map((read, index) => Math.round(read() - before[index])).join());
      console.log(process.hrtime([seconds, nanoseconds]).join());
      class Day extends Date {}
      console.log(new Day() instanceof Date, new Date().constructor === Date, typeof Date(), new Date(2000, 1).getMonth());
    `),
  ).toEqual([Array.from({ length: 7 }, () => 5000).join(), "5,0", "true true string 1"]);
});

test("timers run in Node's order, with a round of ticks and microtasks after each", async () => {
  expect(
    await printed(`
      import { AsyncLocalStorage } from "node:async_hooks";
      import timers from "node:timers";
      const log = console.log;
      setTimeout(log, 20, "20 first");
      timers.setTimeout(log, 10, "10");
      setTimeout(() => {
        log("20 second");
        setImmediate(log, "immediate");
        process.nextTick(log, "tick");
        Promise.resolve("microtask").then(log);
      }, 20);
      setTimeout(log, 20, "20 third");
      let count = 0;
      const interval = setInterval(function () {
        log("interval", ++count, this === interval);
        if (count === 2) clearInterval(interval);
      }, 30);
      const storage = new AsyncLocalStorage();
      storage.run("context", () => setTimeout(() => log(storage.getStore()), 61));
      process.on("beforeExit", () => log("beforeExit"));
    `),
  ).toEqual([
    "10",
    "20 first",
    "20 second",
    "tick",
    "microtask",
    "20 third",
    "immediate",
    "interval 1 true",
    "interval 2 true",
    "context",
    "beforeExit",
  ]);
});

test("timers have Node's methods", async () => {
  expect(
    await printed(`
      const log = console.log;
      clearTimeout(setTimeout(log, 10, "cleared"));
      clearTimeout(+setTimeout(log, 10, "cleared by number"));
      clearInterval(String(+setTimeout(log, 10, "cleared by text")));
      setTimeout(log, 1e6, "does not keep the process alive").unref();
      const kept = setTimeout(log, 70, "ref").unref().ref();
      log(kept.hasRef(), setTimeout(() => {}, 1).unref().hasRef());
      const refreshed = setTimeout(log, 40, "refreshed");
      setTimeout(() => refreshed.refresh(), 20);
      setTimeout(log, 50, "50");
      setTimeout(log, 1e10, "too long: 1 ms");
      for (const make of [() => setTimeout("text"), () => setInterval(), () => AbortSignal.timeout(-1)])
        try { make(); } catch (error) { log(error.code); }
    `),
  ).toEqual([
    "true false",
    "ERR_INVALID_ARG_TYPE",
    "ERR_INVALID_ARG_TYPE",
    "ERR_OUT_OF_RANGE",
    "too long: 1 ms",
    "50",
    "refreshed",
    "ref",
  ]);
});

test("node:timers/promises and AbortSignal.timeout", async () => {
  expect(
    await printed(`
      import { setInterval, setTimeout } from "node:timers/promises";
      console.log(await setTimeout(5, "value"));
      const signal = AbortSignal.timeout(2500);
      const began = Date.now();
      try {
        for await (const tick of setInterval(1000, "tick", { signal })) console.log(tick, Date.now() - began);
      } catch (error) {
        console.log(error.name, error.code, error.cause.name, Date.now() - began);
      }
      for await (const _ of setInterval(1000)) break;
      await setTimeout(10, null, { signal }).catch((error) => console.log(error.name));
    `),
  ).toEqual(["value", "tick 1000", "tick 2000", "AbortError ABORT_ERR TimeoutError 2500", "AbortError"]);
});

test("Turnwise, Node's timers and blocking sleeps share one clock", async () => {
  expect(
    await printed(`
      import * as asyncio from "turnwise";
      import { setTimeout as sleep } from "node:timers/promises";
      const began = performance.now();
      const log = (name) => console.log(name, ((performance.now() - began) / 1000).toFixed(3));
      await asyncio.run(async () => {
        await asyncio.gather(
          async () => { await asyncio.sleep(1.5); log("loop"); },
          async () => { await sleep(1000); log("node"); },
          async () => {
            await asyncio.sleep(2);
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
            log("blocked");
          },
          async () => { await asyncio.sleep(4); log("late"); },
        );
        for (let i = 0; i < 1000; i++) await asyncio.sleep(3.6);
        log("an hour");
      });
    `),
  ).toEqual(["node 1.000", "loop 1.500", "blocked 5.000", "late 5.000", "an hour 3605.000"]);
});

test("time does not overtake I/O", async () => {
  expect(
    await printed(`
      import { exec } from "node:child_process";
      import { pbkdf2 } from "node:crypto";
      import { readFile } from "node:fs/promises";
      import { promisify } from "node:util";
      import { Worker } from "node:worker_threads";
      import { gzip } from "node:zlib";
      setTimeout(() => console.log("timer"), 1);
      await readFile("program.mjs");
      await promisify(exec)("sleep 0.05");
      await promisify(pbkdf2)("a", "b", 20_000, 32, "sha1");
      await promisify(gzip)("x".repeat(1e6));
      await new Promise((resolve) => new Worker("", { eval: true }).on("exit", resolve));
      console.log("I/O");
    `),
  ).toEqual(["I/O", "timer"]);
});

test("a server and its clients in one program", async () => {
  expect(
    await printed(`
      import { once } from "node:events";
      import { createServer } from "node:http";
      const server = createServer((request, response) => setTimeout(() => response.end("hello"), 30_000)).listen(0);
      await once(server, "listening");
      const began = performance.now();
      const response = await fetch("http://127.0.0.1:" + server.address().port);
      console.log(await response.text(), Math.round((performance.now() - began) / 1000));
      setTimeout(() => server.close().closeAllConnections(), 60_000);
    `),
  ).toEqual(["hello 30"]);
});

test("a server and its clients on a Unix socket", async () => {
  expect(
    await printed(`
      import { once } from "node:events";
      import { connect, createServer } from "node:net";
      const server = createServer((socket) => socket.on("data", (data) => setTimeout(() => socket.end(data), 30_000)));
      const path = "./" + process.pid + ".sock";
      await once(server.listen(path), "listening");
      const began = performance.now();
      for (const client of [connect(path), connect({ path })]) {
        client.write("hello");
        const [data] = await once(client, "data");
        console.log(String(data), Math.round((performance.now() - began) / 1000));
        client.end();
      }
      setTimeout(() => server.close(), 60_000);
    `),
  ).toEqual(["hello 30", "hello 60"]);
});

test.each([
  ["", "0", "{ port: server.address().port }"],
  [", on a Unix socket", "'./' + process.pid + '.sock'", "{ path: server.address() }"],
])("a client whose server has closed%s", async (_, where, address) => {
  expect(
    await printed(`
      import { once } from "node:events";
      import { connect, createServer } from "node:net";
      const server = createServer((socket) => socket.end("hello"));
      await once(server.listen(${where}), "listening");
      const client = connect({ ...${address}, allowHalfOpen: true });
      const [data] = await once(client, "data");
      server.close();
      console.log(String(data));
      setTimeout(() => {
        console.log(Math.round(performance.now() / 60_000));
        client.destroy();
      }, 10 * 60_000);
    `),
  ).toEqual(["hello", "10"]);
});

test("a connection to another process holds the clock", async () => {
  expect(
    await printed(`
      import { spawn } from "node:child_process";
      import { once } from "node:events";
      import { connect, createServer } from "node:net";
      const path = "./" + process.pid + ".sock";
      const server = createServer({ allowHalfOpen: true }, async (socket) => {
        const own = connect(path).on("error", () => {});
        setTimeout(() => console.log("timer"), 60_000);
        await once(socket, "data");
        console.log("data");
        for (const end of [socket, own]) end.destroy();
        server.close();
      });
      server.once("connection", () => server.removeAllListeners("connection"));
      await once(server.listen(path), "listening");
      const script = "const s = require('node:net').connect(process.argv[1], () => setTimeout(() => s.end('hello'), 300))";
      spawn(process.execPath, ["-e", script, path], { stdio: "ignore", detached: true }).unref();
    `),
  ).toEqual(["data", "timer"]);
});

test("a busy loop that polls the clock ends", async () => {
  expect(
    await printed(`
      for (const began = Date.now(); Date.now() < began + 20; );
      for (const began = performance.now(); performance.now() < began + 20; ) await null;
      console.log("done");
      let stopped = false;
      setTimeout(() => (stopped = true), 20);
      (function spin() {
        if (!stopped) setImmediate(spin);
        else console.log("stopped");
      })();
    `),
  ).toEqual(["done", "stopped"]);
});

test("a deadlock is told, and can be cleaned up after", async () => {
  const { stdout, stderr, code } = await runVirtual(`
    import * as asyncio from "turnwise";
    await asyncio.run(async () => {
      try {
        await asyncio.sleep(5);
        await asyncio.getRunningLoop().createFuture();
      } finally {
        console.log("cleaning up");
      }
    });`);
  expect({ stdout, code }).toEqual({ stdout: "cleaning up\n", code: 1 });
  expect(stderr).toMatch(/\nDeadlockError: deadlock at 5 s: .*\n {2}Task-1: waits for a future\n/);
});

test.skipIf(process.platform === "win32")("who waits for a signal is not deadlocked", async () => {
  using directory = new ProgramDirectory({
    "service.mjs": `
      import * as asyncio from "turnwise";
      await asyncio.run(async () => {
        const stop = asyncio.getRunningLoop().createFuture();
        process.on("SIGTERM", () => stop.setResult());
        console.log("ready");
        await stop;
      });
      console.log("stopped");`,
  });
  const { child, outcome, printed } = start(["run", "--virtual", "service.mjs"], { cwd: directory.path });
  await printed("ready");
  setTimeout(() => child.kill("SIGTERM"), 100);
  expect(await outcome).toEqual({ stdout: "ready\nstopped\n", stderr: "", code: 0, signal: null });
});

test("an error in a timer is an uncaught error; who catches it goes on", async () => {
  const [uncaught, caught] = await Promise.all([
    runVirtual("setTimeout(() => { throw new Error('one'); }, 10); setTimeout(console.log, 10, 'two');"),
    runVirtual(`
      process.on("uncaughtException", (error) => console.log(error.message));
      setTimeout(() => { throw new Error("one"); }, 10);
      setTimeout(console.log, 10, "two");`),
  ]);
  expect(uncaught).toMatchObject({ stdout: "", code: 1 });
  expect(uncaught.stderr).toContain("Error: one");
  expect(caught).toEqual({ stdout: "one\ntwo\n", stderr: "", code: 0, signal: null });
});

test("exit codes are the program's", async () => {
  const [exited, unsettled] = await Promise.all([
    runVirtual("setTimeout(() => process.exit(Number(process.argv[2])), 1e6)", ["9"]),
    runVirtual("await new Promise(() => {})"),
  ]);
  expect([exited.code, unsettled.code]).toEqual([9, 13]);
});

test("reading stdin does not hold the clock, and what it gives comes through", async () => {
  using directory = new ProgramDirectory({
    "echo.mjs": `
      process.stdin.on("data", (text) => console.log(String(text)));
      setTimeout(console.log, 60_000, "a minute");`,
  });
  const { child, outcome, printed } = start(["run", "--virtual", "echo.mjs"], { cwd: directory.path });
  await printed("a minute");
  child.stdin?.end("hello");
  expect(await outcome).toEqual({ stdout: "a minute\nhello\n", stderr: "", code: 0, signal: null });
});
