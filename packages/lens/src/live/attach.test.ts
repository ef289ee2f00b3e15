import { connect, createServer } from "node:net";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { attach, snapshotOf } from "./attach.ts";
import { deadlocks } from "./deadlocks.ts";
import { freePort, ownPort, startTarget, Target } from "./testing/targets.ts";
import { formatTree } from "./tree.ts";

vi.setConfig({ testTimeout: 30_000 });

const portIn = (flag: string): number => Number(flag.split("=")[1]);

/** Whether something listens on a port. */
async function isOpen(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Waits until `condition` holds; fails after some seconds. */
async function until(condition: () => boolean | Promise<boolean>, seconds = 5): Promise<void> {
  for (const begin = performance.now(); !(await condition()); await delay(20)) {
    if (performance.now() - begin > seconds * 1000) throw new Error("it never came to be");
  }
}

test("a service of 200 tasks shows what each waits for", async () => {
  const flag = await ownPort();
  await using service = await startTarget("service.ts", [flag]);
  const { process: its, tasks, loops } = await snapshotOf(service.pid);
  expect(its).toMatchObject({ pid: service.pid, node: process.version });
  expect(loops).toMatchObject([{ tasks: 200 }]);
  const count = (words: RegExp): number => tasks.filter(({ on }) => words.test(on)).length;
  expect(count(/^<Queue .*getters=120>$/)).toBe(120);
  expect(count(/^<Lock \[locked, waiters:29\]>$/)).toBe(29);
  expect(count(/^a promise that is not Turnwise's$/)).toBe(20);
  expect(count(/^a gather of 8, of which 8 not done$/)).toBe(1);
  const named = (name: string) => tasks.find((task) => task.name === name);
  const holder = named("writer-0");
  expect(named("writer-29")?.onTasks).toEqual([holder?.id]);
  expect(holder).toMatchObject({
    state: "waiting",
    on: expect.stringMatching(/^a sleep, 99\d\.\d s left$/),
    onTasks: [],
  });
  expect(named("collector")?.onTasks).toHaveLength(8);
  expect(tasks[0]).toMatchObject({ on: "<TaskGroup tasks=191 entered>", awaitedBy: [] });
  expect(tasks[0]?.onTasks).toHaveLength(191);
});

test("no port stays open, and the process can be looked at again", async () => {
  const flag = await ownPort();
  await using service = await startTarget("service.ts", [flag]);
  await snapshotOf(service.pid);
  expect(await isOpen(portIn(flag))).toBe(false);
  const again = await snapshotOf(service.pid);
  expect(again.tasks).toHaveLength(200);
  expect(await isOpen(portIn(flag))).toBe(false);
});

test("a process that was looked at awaits as fast as before", async () => {
  await using target = await startTarget("awaits.ts", [await ownPort()]);
  const fastest = async (): Promise<number> => {
    const begin = target.stdout.length;
    await until(() => target.stdout.slice(begin).split("\n").length > 20, 20);
    return Math.min(...target.stdout.slice(begin).trim().split("\n").slice(1, 20).map(Number));
  };
  await fastest(); // The compiler has seen it.
  const before = await fastest();
  await snapshotOf(target.pid);
  await snapshotOf(target.pid);
  // The machine is noisy; a debugger that stayed would make it four times as slow.
  expect((await fastest()) / before).toBeLessThan(2.5);
});

test("a loop that is busy in JavaScript answers, and says who is busy and where", async () => {
  const flag = await ownPort();
  await using target = await startTarget("busy.ts", [flag]);
  await delay(300);
  const { at, atFunction, tasks } = await snapshotOf(target.pid);
  expect(at).toMatch(/busy\.ts:5$/);
  expect(atFunction).toBe("crunch");
  const cruncher = tasks.find(({ name }) => name === "cruncher");
  expect(cruncher).toMatchObject({ state: "running", at });
  expect(cruncher?.since).toBeGreaterThan(0.2);
  expect(await isOpen(portIn(flag))).toBe(false);
});

test("a task that computes after a promise which is not Turnwise's is running", async () => {
  await using target = await startTarget("busy-after-promise.ts", [await ownPort()]);
  const { tasks } = await snapshotOf(target.pid);
  expect(tasks.find(({ name }) => name === "cruncher")?.state).toBe("running");
});

// The system may still be at it when one looks whose port it is.
test.concurrent("a process in a native call is waited for, and that is said", { retry: 2 }, async ({ expect }) => {
  await using target = await startTarget("native-call.ts", [await ownPort()]);
  const told: string[] = [];
  const { tasks } = await snapshotOf(target.pid, { timeout: 20, onSlow: (message) => told.push(message) });
  expect(told).toEqual([expect.stringContaining(`process ${target.pid} has not answered for a second: a native call`)]);
  expect(tasks).toMatchObject([{ on: expect.stringContaining("a sleep, ") }]);
});

test.concurrent("after giving up, the inspector is closed when the native call ends", async ({ expect }) => {
  const flag = await ownPort();
  await using target = await startTarget("native-call.ts", [flag]);
  const error = await snapshotOf(target.pid, { timeout: 0.3 }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "no-answer", message: expect.stringContaining("stays behind") });
  await until(() => target.stderr.includes("Debugger listening"), 10);
  await until(async () => !(await isOpen(portIn(flag))));
  expect(await snapshotOf(target.pid)).toMatchObject({ turnwise: true });
});

test.concurrent("whoever loses patience leaves a process with an open inspector without one", async ({ expect }) => {
  const flag = await ownPort();
  await using target = await startTarget("native-call.ts", [flag]);
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 200);
  await expect(attach(target.pid, { signal: interrupt.signal })).rejects.toMatchObject({ code: "aborted" });
  await target.printed("returned");
  await until(() => target.stderr.includes("Debugger listening"), 10);
  await until(async () => !(await isOpen(portIn(flag))));
});

test.concurrent("a port that another process holds is named", async ({ expect }) => {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await using target = await startTarget("siblings.ts", [`--inspect-port=${port}`]);
  const error = await snapshotOf(target.pid).catch((thrown: unknown) => thrown);
  server.close();
  expect(error).toMatchObject({ code: "port-taken", message: expect.stringContaining(`port ${port}, where process`) });
  expect(target.isAlive()).toBe(true);
});

test("two locks that are held crosswise are a deadlock", async () => {
  await using target = await startTarget("deadlock.ts", [await ownPort()]);
  const snapshot = await snapshotOf(target.pid);
  expect(deadlocks(snapshot).map((circle) => circle.map(({ name }) => name))).toEqual([["left", "right"]]);
});

test("990 identical siblings are one line", async () => {
  await using target = await startTarget("siblings.ts", [await ownPort()]);
  const lines = formatTree(await snapshotOf(target.pid))
    .trim()
    .split("\n");
  expect(lines).toHaveLength(5);
  expect(lines.at(-1)).toMatch(/^└─ Task-2…991 worker\(\) × 990 {2}waits for <Queue maxsize=0 getters=990>, /);
});

test("an inspector that was open before stays open", async () => {
  const port = await freePort();
  await using target = await startTarget("service.ts", [`--inspect=127.0.0.1:${port}`]);
  expect((await snapshotOf(target.pid)).tasks).toHaveLength(200);
  expect(await isOpen(port)).toBe(true);
});

test("a process that takes any free port is found", async () => {
  await using target = await startTarget("siblings.ts", ["--inspect-port=0"]);
  expect((await snapshotOf(target.pid)).tasks).toHaveLength(991);
});

test("many can look at a process at once", async () => {
  for (const flag of [await ownPort(), "--inspect-port=0"]) {
    await using target = await startTarget("deadlock.ts", [flag]);
    const snapshots = await Promise.all([1, 2, 3].map(() => snapshotOf(target.pid)));
    expect(snapshots.map(({ tasks }) => tasks.length)).toEqual([3, 3, 3]);
  }
});

test("the servers of a process are not asked for anything", async () => {
  for (const flag of [await ownPort(), "--inspect-port=0"]) {
    await using target = await startTarget("server.ts", [flag]);
    expect((await snapshotOf(target.pid)).tasks).toHaveLength(1);
    await delay(50);
    expect(target.stdout).toBe("ready\n");
  }
});

test("two processes with the same port can be looked at, at once", async () => {
  const flag = await ownPort();
  await using one = await startTarget("siblings.ts", [flag]);
  await using other = await startTarget("deadlock.ts", [flag]);
  const snapshots = await Promise.all([one, other, one].map(({ pid }) => snapshotOf(pid)));
  expect(snapshots.map(({ process: { pid } }) => pid)).toEqual([one.pid, other.pid, one.pid]);
  expect(await isOpen(portIn(flag))).toBe(false);
});

test("a program that is not Node survives", async () => {
  await using target = new Target("sleep", ["100"]);
  await expect(attach(target.pid)).rejects.toMatchObject({
    code: "not-node",
    message: `process ${target.pid} (sleep) is not a Node process`,
  });
  expect(target.isAlive()).toBe(true);
});

test("a Node process without Turnwise is left as it was", async () => {
  const flag = await ownPort();
  await using target = await startTarget("plain.ts", [flag]);
  await expect(snapshotOf(target.pid)).rejects.toMatchObject({ code: "not-turnwise" });
  expect(await isOpen(portIn(flag))).toBe(false);
  expect(target.isAlive()).toBe(true);
});

test("a Node that does not listen to SIGUSR1 gets none", async () => {
  await using target = await startTarget("siblings.ts", ["--disable-sigusr1"]);
  await expect(attach(target.pid)).rejects.toMatchObject({ code: "no-inspector" });
  expect(target.isAlive()).toBe(true);
});

test("a process that is not there is named", async () => {
  const gone = new Target("true", []);
  await once(gone.child, "exit");
  await expect(attach(gone.pid)).rejects.toThrow(`no process has the id ${gone.pid}`);
});

test("a process that ends while somebody looks is told from one that is silent", async () => {
  await using target = await startTarget("siblings.ts", [await ownPort()]);
  const attached = await attach(target.pid);
  target.child.kill("SIGKILL");
  await attached.ended;
  await until(() => !target.isAlive());
  await expect(attached.snapshot()).rejects.toMatchObject({ code: "ended" });
  await attached.close();
});
