import { expect, test } from "vitest";
import { ProgramDirectory, start, turnwise } from "./testing/program.ts";

/** On a busy machine the interpreter takes many seconds to load. */
const timeout = 60_000;

test("arguments, stdin and the exit code pass through", { timeout }, async () => {
  using directory = new ProgramDirectory({
    "echo.py": "import sys\nprint(sys.argv)\nprint(input().upper())\nsys.exit(3)",
  });
  const { child, outcome } = start(["run", "echo.py", "a b", "--virtual", "-x"], { cwd: directory.path });
  child.stdin?.end("words\n");
  const stdout = "['echo.py', 'a b', '--virtual', '-x']\nWORDS\n";
  expect(await outcome).toEqual({ stdout, stderr: "", code: 3, signal: null });
});

test("a syntax error is told by Python, and ends it with 1", { timeout }, async () => {
  using directory = new ProgramDirectory({ "bad.py": "x = (\n" });
  const { stderr, code } = await turnwise(["run", "bad.py"], { cwd: directory.path });
  expect(stderr).toMatch(/bad\.py", line 1\n {4}x = \(\n {8}\^\nSyntaxError: '\(' was never closed\n$/);
  expect(code).toBe(1);
});

test("Ctrl-C cancels the main task, and the process dies by the signal", { timeout }, async () => {
  using directory = new ProgramDirectory({
    "wait.py": `
import asyncio
async def main():
    print("ready")
    try:
        await asyncio.sleep(60)
    finally:
        print("cleaned")
asyncio.run(main())`,
  });
  const { child, outcome, printed } = start(["run", "wait.py"], { cwd: directory.path });
  await printed("ready\n");
  child.kill("SIGINT");
  const { stdout, stderr, signal } = await outcome;
  expect([stdout, signal]).toEqual(["ready\ncleaned\n", "SIGINT"]);
  expect(stderr).toMatch(/^Traceback .*\nKeyboardInterrupt\n$/s);
});

test.for(["time.sleep(60)", "while True: pass"])(
  "Ctrl-C is a KeyboardInterrupt also where the thread is blocked: %s",
  { timeout },
  async (code) => {
    using directory = new ProgramDirectory({
      "busy.py": `
import asyncio, time
try:
    print("ready")
    ${code}
except KeyboardInterrupt:
    print("caught")
async def main():
    print("in a task")
    ${code}
asyncio.run(main())`,
    });
    const { child, outcome, printed } = start(["run", "busy.py"], { cwd: directory.path });
    await printed("ready\n");
    child.kill("SIGINT");
    await printed("in a task\n");
    // asyncio cancels the task at the first, which it would notice at its next await, and raises at the second.
    const again = setInterval(() => child.kill("SIGINT"), 100);
    const { stdout, stderr, signal } = await outcome;
    clearInterval(again);
    expect([stdout, signal]).toEqual(["ready\ncaught\nin a task\n", "SIGINT"]);
    expect(stderr).toMatch(/, in main\n.*, in _on_sigint\n.*KeyboardInterrupt\n$/s);
  },
);

test("under virtual time every clock of Python's goes along, with time.sleep too", { timeout }, async () => {
  using directory = new ProgramDirectory({
    "clocks.py": `
import asyncio, datetime, time
def clocks():
    return time.time(), time.monotonic(), time.perf_counter(), datetime.datetime.now().timestamp()
async def main():
    before = clocks()
    await asyncio.sleep(3000)
    time.sleep(2000)
    print([round(now - then) for now, then in zip(clocks(), before)])
asyncio.run(main())`,
  });
  const { stdout } = await turnwise(["run", "--virtual", "clocks.py"], { cwd: directory.path });
  expect(stdout).toBe("[5000, 5000, 5000, 5000]\n");
});

test("what reads its output may go away", { timeout }, async () => {
  using directory = new ProgramDirectory({ "much.py": "for i in range(100_000): print(i)" });
  const { child, outcome } = start(["run", "much.py"], { cwd: directory.path });
  child.stdout?.once("data", () => child.stdout?.destroy());
  const { stderr, code } = await outcome;
  expect(stderr).toMatch(/BrokenPipeError: \[Errno \d+\] Broken pipe\n/);
  expect(code).not.toBe(0);
});

test("--wheel adds a package, and a wheel that is none is told in one line", { timeout }, async () => {
  using directory = new ProgramDirectory({
    "make.py": `
import zipfile
with zipfile.ZipFile("greeting-1-py3-none-any.whl", "w") as wheel:
    wheel.writestr("greeting.py", "WORD = 'hello'")
    wheel.writestr("greeting-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: greeting\\nVersion: 1\\n")`,
    "greet.py": "import greeting\nprint(greeting.WORD)",
    "text-1-py3-none-any.whl": "text",
    "program.ts": "",
  });
  const at = { cwd: directory.path };
  await turnwise(["run", "make.py"], at);
  const greeted = await turnwise(["run", "--wheel", "greeting-1-py3-none-any.whl", "greet.py"], at);
  expect(greeted).toEqual({ stdout: "hello\n", stderr: "", code: 0, signal: null });
  const bad = await turnwise(["run", "--wheel", "text-1-py3-none-any.whl", "greet.py"], at);
  expect(bad.stderr).toBe("error: text-1-py3-none-any.whl is no wheel: File is not a zip file\n");
  expect(bad.code).toBe(2);
  const missing = await turnwise(["run", "--wheel", "none.whl", "greet.py"], at);
  expect([missing.stderr, missing.code]).toEqual(["error: no such file: none.whl\n", 2]);
  const other = await turnwise(["run", "--wheel", "greeting-1-py3-none-any.whl", "program.ts"], at);
  expect([other.stderr, other.code]).toEqual(["error: --wheel is for Python programs\n", 2]);
});
