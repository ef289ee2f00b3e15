import { expect, test, vi } from "vitest";
import { ProgramDirectory, type Running, start, startNode, turnwise } from "./testing/program.ts";

vi.setConfig({ testTimeout: 20_000 });

const DEADLOCK = `
  import * as asyncio from "turnwise";
  const [a, b] = [new asyncio.Lock(), new asyncio.Lock()];
  async function lockBoth(first, second) {
    await first.acquire();
    await asyncio.sleep(0.01);
    await second.acquire();
  }
  await asyncio.run(async function main() {
    setTimeout(() => console.log("ready"), 100);
    await asyncio.gather(
      asyncio.createTask(() => lockBoth(a, b), { name: "left" }),
      asyncio.createTask(() => lockBoth(b, a), { name: "right" }),
    );
  });`;
const WORKERS = `
  import * as asyncio from "turnwise";
  const queue = new asyncio.Queue();
  await asyncio.run(async function main() {
    setTimeout(() => console.log("ready"), 100);
    await asyncio.taskGroup(async (group) => {
      for (let i = 0; i < 5; i++) group.createTask(async function worker() { await queue.get(); });
    });
  });`;

/** A program that runs until the end of the block. */
class Service implements Disposable {
  readonly #directory: ProgramDirectory;
  readonly running: Running;

  constructor(source: string) {
    this.#directory = new ProgramDirectory({ "service.mjs": source });
    this.running = startNode(["--inspect-port=0", "service.mjs"], { cwd: this.#directory.path });
  }

  static async start(source: string): Promise<Service> {
    const service = new Service(source);
    await service.running.printed("ready");
    return service;
  }

  get pid(): string {
    return String(this.running.child.pid);
  }

  [Symbol.dispose](): void {
    this.running.child.kill("SIGKILL");
    this.#directory[Symbol.dispose]();
  }
}

test("ps lists the tasks", async () => {
  using service = await Service.start(WORKERS);
  const { stdout, stderr, code } = await turnwise(["ps", service.pid]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(new RegExp(`^process ${service.pid}, .*service\\.mjs, node v`));
  expect(lines.filter((line) => / worker\(\) +waiting +<Queue maxsize=0 getters=5> /.test(line))).toHaveLength(5);
});

test("ps --json is a snapshot", async () => {
  using service = await Service.start(WORKERS);
  const { stdout } = await turnwise(["ps", "--json", service.pid]);
  expect(JSON.parse(stdout)).toMatchObject({
    format: "turnwise-snapshot",
    version: 1,
    process: { pid: Number(service.pid) },
    loops: [{ tasks: 6 }],
  });
});

test("pstree folds what is alike", async () => {
  using service = await Service.start(WORKERS);
  const { stdout, code } = await turnwise(["pstree", service.pid]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nTask-1 main\(\) .*\n└─ Task-2…6 worker\(\) × 5 {2}waits for <Queue /);
});

test("pstree names a deadlock, and ends with 1", async () => {
  using service = await Service.start(DEADLOCK);
  const { stdout, code } = await turnwise(["pstree", service.pid]);
  expect(code).toBe(1);
  expect(stdout).toContain("\ndeadlock: left → right → left\n");
});

test("top looks once, or until the process ends", async () => {
  using service = await Service.start(WORKERS);
  const once = await turnwise(["top", "--once", service.pid]);
  expect(once.stdout.match(/^process /gm)).toHaveLength(1);
  const watching = start(["top", "--json", "--interval", "0.1", service.pid]);
  let looks = 0;
  watching.child.stdout?.on("data", () => {
    if (++looks === 3) service.running.child.kill();
  });
  const { stdout, stderr, code } = await watching.outcome;
  expect({ stderr, code }).toEqual({ stderr: `error: process ${service.pid} has ended\n`, code: 1 });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ format: "turnwise-snapshot" });
});

test("who reads no further ends it, without a word", async () => {
  using service = await Service.start(WORKERS);
  for (const args of [["ps"], ["top", "--interval", "0.1"]]) {
    const watching = start([...args, service.pid]);
    watching.child.stdout?.destroy();
    expect(await watching.outcome).toMatchObject({ stderr: "", code: 0 });
  }
});

test("what is no process is told in a line", async () => {
  const cases: [string[], string, number][] = [
    [["ps", "abc"], "error: 'abc' is not a process id\n", 2],
    [["ps", "0"], "error: '0' is not a process id\n", 2],
    [["ps", "12", "13"], "error: too many arguments for 'ps'. Expected 1 argument but got 2: 12, 13.\n", 2],
    [["pstree", "2147483646"], "error: no process has the id 2147483646\n", 1],
    [["top", "--interval", "x", "1"], "error: --interval takes a number of seconds, got 'x'\n", 2],
    [["ps", "--timeout", "0", "1"], "error: --timeout takes a number of seconds, got '0'\n", 2],
  ];
  for (const [args, stderr, code] of cases) expect(await turnwise(args)).toMatchObject({ stdout: "", stderr, code });
});
