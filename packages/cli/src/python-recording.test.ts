/** The tools on Python programs: what they see, and the places that they name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ProgramDirectory, root, startNode, turnwise } from "./testing/program.ts";

/** On a busy machine the interpreter takes many seconds to load. */
vi.setConfig({ testTimeout: 90_000 });

interface BriefSummary {
  readonly duration: number;
  readonly blocked: {
    readonly seconds: number;
    readonly lines: { blame: { file: string; line: number; function: string } | null; called: string | null }[];
  };
  readonly prediction: { readonly seconds: number };
}

/** The summary of a program, recorded. */
async function summaryOf(source: string, ...flags: string[]): Promise<BriefSummary & { path: string }> {
  using directory = new ProgramDirectory({ "program.py": source });
  const { stderr } = await turnwise(["run", "--json", ...flags, "program.py"], { cwd: directory.path });
  return { ...(JSON.parse(stderr.trimEnd().split("\n").at(-1) as string) as BriefSummary), path: directory.path };
}

const SLEEPER = `
import asyncio, time

def outer():
    inner()

def inner():
    time.sleep(1)

async def main():
    await asyncio.sleep(1)
    await asyncio.gather(one(), two())

async def one():
    outer()

async def two():
    await asyncio.sleep(0.5)

asyncio.run(main())
`;

test("time.sleep in a task is blamed on its line, under virtual time too", async () => {
  const { blocked, duration, prediction } = await summaryOf(SLEEPER, "--virtual");
  expect(blocked.lines).toMatchObject([{ blame: { function: "inner", line: 8 }, called: "time.sleep" }]);
  expect({ taken: duration, blocked: blocked.seconds, prediction: prediction.seconds }).toEqual({
    taken: expect.closeTo(2.5, 6) as number,
    blocked: expect.closeTo(1, 6) as number,
    prediction: expect.closeTo(2, 6) as number,
  });
});

test(
  "who computes is blamed: Python code, C code on the line that calls it, the library for its caller",
  { retry: 2 },
  async () => {
    const { blocked } = await summaryOf(`
import asyncio, json

async def main():
    await asyncio.sleep(0.01)
    compute()
    await asyncio.sleep(0.01)
    in_c()
    await asyncio.sleep(0.01)
    parse("[" + ",".join('{"a": [1, 2, 3.5, "x"]}' for _ in range(30_000)) + "]")

def compute():
    total = 0
    for i in range(2_000_000):
        total += i * i
    return total

def in_c():
    sum(range(30_000_000))

def parse(text):
    for _ in range(5):
        json.loads(text)

asyncio.run(main())
`);
    const lineOf = (name: string) => blocked.lines.find(({ blame }) => blame?.function === name);
    expect([14, 15]).toContain(lineOf("compute")?.blame?.line);
    expect(lineOf("in_c")?.blame?.line).toBe(19);
    expect(lineOf("parse")).toMatchObject({ blame: { line: 23 }, called: expect.stringMatching(/^json\./) as string });
  },
);

test("compare sets the same program in both languages side by side", async () => {
  const files = ["blocking.py", "blocking.ts", "cooperative.py", "cooperative.ts"].map((name) => `examples/${name}`);
  const { stdout } = await turnwise(["compare", "--virtual", ...files], { cwd: root });
  const row = (name: string): string[] =>
    (stdout.split("\n").find((line) => line.startsWith(name)) ?? "").slice(name.length).trim().split(/ {2,}/);
  expect(row("time")).toEqual(["5.00 s", "5.00 s", "3.00 s", "3.00 s"]);
  expect(row("blocked")).toEqual(["5.00 s", "5.00 s", "0 s", "0 s"]);
  expect(row("if it yielded")).toEqual(["3.00 s", "3.00 s", "3.00 s", "3.00 s"]);
  expect(row("critical path")).toEqual(["3.00 s", "3.00 s", "3.00 s", "3.00 s"]);
});

test("the report of a Python program is written", async () => {
  using directory = new ProgramDirectory({ "program.py": SLEEPER });
  const { code, stderr } = await turnwise(["run", "--virtual", "--report", "out.html", "program.py"], {
    cwd: directory.path,
  });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/report: .*out\.html/)]);
  const page = readFileSync(join(directory.path, "out.html"), "utf8");
  expect(page).toContain("program.py");
});

test("ps and pstree show the tasks of a process that runs Python", async () => {
  using directory = new ProgramDirectory({
    "service.py": `
import asyncio
async def worker(queue):
    await queue.get()
async def main():
    queue = asyncio.Queue()
    asyncio.get_running_loop().call_later(0.1, print, "ready")
    async with asyncio.TaskGroup() as group:
        group.create_task(worker(queue), name="first")
        group.create_task(asyncio.sleep(60), name="second")
asyncio.run(main())`,
  });
  // A port of its own: other tests look into their processes at the same time.
  const command = ["--inspect-port=0", join(root, "packages/cli/bin/turnwise.js"), "run", "service.py"];
  const running = startNode(command, { cwd: directory.path });
  await running.printed("ready");
  const pid = readFileSync(`/proc/${running.child.pid}/task/${running.child.pid}/children`, "utf8").trim();
  const ps = await turnwise(["ps", pid]);
  const pstree = await turnwise(["pstree", pid]);
  running.child.kill("SIGINT");
  await running.outcome;
  expect(ps.stdout).toMatch(/first\s+worker\b.*Queue\.get\(\)/);
  expect(ps.stdout).toMatch(/second\s+sleep\b.*a sleep, 5\d\.\d s left/);
  expect(pstree.stdout).toMatch(/Task-1 main\(\).*TaskGroup/s);
  expect(pstree.stdout).toMatch(/├─ first worker\(\) {2}waits for Queue\.get\(\)/);
});
