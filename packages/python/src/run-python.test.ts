/** A Python program as a process has it: arguments, files, streams, exit codes. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import { type PythonOptions, runPython } from "./run-python.ts";
import { type Captured, captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-python-")));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes files, and runs the first of them. */
function runFiles(files: Record<string, string>, options?: PythonOptions): Promise<Captured> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return captured(python, pathToFileURL(join(directory, Object.keys(files)[0] as string)), options);
}

test("a file is __main__, with its arguments, and imports what lies beside it", async () => {
  const outcome = await runFiles(
    {
      "main.py":
        "import sys, beside\nprint(__name__, __file__, sys.argv[1:], beside.VALUE, sys.modules['__main__'].__file__ == __file__)",
      "beside.py": "VALUE = 42",
    },
    { args: ["a b", "--help"] },
  );
  const file = join(directory, "main.py");
  const stdout = `__main__ ${file} ['a b', '--help'] 42 True\n`;
  expect(outcome).toEqual({ stdout, stderr: "", exitCode: 0, signal: null });
});

test("a source has no file, and sees the working directory", async () => {
  const source = "import os, sys\nprint('__file__' in globals(), sys.argv, os.getcwd())";
  const { stdout } = await captured(python, source, { args: ["x"] });
  expect(stdout).toBe(`False ['', 'x'] ${process.cwd()}\n`);
});

test("files beside the program are read and written", async () => {
  const source = `
from pathlib import Path
here = Path(__file__).parent
(here / "out.txt").write_text((here / "in.txt").read_text().upper())
(here / "made").mkdir()
print(sorted(path.name for path in here.iterdir() if path.suffix != ".pyc"))`;
  const { stdout, stderr } = await runFiles({ "main.py": source, "in.txt": "words" });
  expect([stdout, stderr]).toEqual(["['in.txt', 'made', 'main.py', 'out.txt']\n", ""]);
  expect(readFileSync(join(directory, "out.txt"), "utf8")).toBe("WORDS");
});

test("a file that is not there is refused", async () => {
  await expect(runPython(pathToFileURL(join(directory, "none.py")))).rejects.toThrow("ENOENT");
});

test("a mount shows a directory under another name", async () => {
  writeFileSync(join(directory, "data.txt"), "mounted");
  const source = "print(open('/data/data.txt').read())";
  const { stdout } = await captured(python, source, { mounts: { "/data": directory } });
  expect(stdout).toBe("mounted\n");
  const { stderr } = await captured(python, source);
  expect(stderr).toContain("No such file or directory: '/data/data.txt'");
});

test("what can't be mounted is refused before anything runs", async () => {
  const outcome = captured(python, "print(1)", { mounts: { "/lib": directory } });
  await expect(outcome).rejects.toThrow("/lib can't be shown to Python");
  expect((await captured(python, "print(1)")).stdout).toBe("1\n");
});

test("stdin is read by the line, to its end", async () => {
  const source = "import sys\nname = input('name? ')\nprint(name, sys.stdin.readlines(), sys.stdin.read() == '')";
  const { stdout } = await captured(python, source, { stdin: "Ada\none\ntwo" });
  expect(stdout).toBe("name? Ada ['one\\n', 'two'] True\n");
  const { stderr, exitCode } = await captured(python, "input()", { stdin: "" });
  expect([stderr.endsWith("EOFError: EOF when reading a line\n"), exitCode]).toEqual([true, 1]);
});

test("the environment is the caller's, with PYTHONPATH", async () => {
  writeFileSync(join(directory, "far.py"), "WHERE = 'far'");
  const source = "import os, far\nprint(os.environ['GREETING'], far.WHERE, 'HOME' in os.environ)";
  const { stdout } = await captured(python, source, { env: { GREETING: "hello", PYTHONPATH: directory } });
  expect(stdout).toBe("hello far False\n");
  const { stdout: debug } = await captured(python, "import asyncio\nprint(asyncio.new_event_loop().get_debug())", {
    env: { PYTHONASYNCIODEBUG: "1" },
  });
  expect(debug).toBe("True\n");
});

test.for([
  ["import sys; sys.exit()", 0, ""],
  ["import sys; sys.exit(3)", 3, ""],
  ["import sys; sys.exit(256 + 4)", 4, ""],
  ["import sys; sys.exit('a message')", 1, "a message\n"],
  ["import asyncio, sys\nasync def main(): sys.exit(5)\nasyncio.run(main())", 5, ""],
  ["import asyncio, os\nasync def main(): os._exit(6)\nasyncio.run(main())", 6, ""],
  ["import atexit, os\natexit.register(print, 'not run')\nos._exit(7)", 7, ""],
] as const)("%s", async ([source, exitCode, stderr]) => {
  expect(await captured(python, source)).toEqual({ stdout: "", stderr, exitCode, signal: null });
});

test("an exception ends it with 1, and the traceback begins with the program", async () => {
  const outcome = await runFiles({ "main.py": "def fail():\n    raise ValueError('no')\n\nfail()\n" });
  const file = join(directory, "main.py");
  expect(outcome).toEqual({
    stdout: "",
    stderr: `Traceback (most recent call last):
  File "${file}", line 4, in <module>
    fail()
    ~~~~^^
  File "${file}", line 2, in fail
    raise ValueError('no')
ValueError: no
`,
    exitCode: 1,
    signal: null,
  });
});

test("a syntax error is told as Python tells it", async () => {
  const outcome = await runFiles({ "main.py": "print('never')\nx = (1\n" });
  const stderr = `  File "${join(directory, "main.py")}", line 2
    x = (1
        ^
SyntaxError: '(' was never closed
`;
  expect(outcome).toEqual({ stdout: "", stderr, exitCode: 1, signal: null });
});

test("an aborted signal is a KeyboardInterrupt: the main task is cancelled, and cleans up", async () => {
  const controller = new AbortController();
  const source = `
import asyncio
async def main():
    print("ready")
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.001)
        print("cleaned")
asyncio.run(main())`;
  const ended = captured(python, source, {
    signal: controller.signal,
    stdout: () => setImmediate(() => controller.abort()),
  });
  const { stderr, exitCode, signal } = await ended;
  expect([exitCode, signal]).toEqual([null, "SIGINT"]);
  expect(stderr).toMatch(/KeyboardInterrupt\n$/);
});

test("a KeyboardInterrupt can be caught", async () => {
  const controller = new AbortController();
  const source = `
import asyncio
loop = asyncio.new_event_loop()
loop.call_soon(print, "ready")
try:
    loop.run_forever()
except KeyboardInterrupt:
    raise SystemExit(9)
finally:
    loop.close()`;
  const stdout = (): unknown => setImmediate(() => controller.abort());
  const ended = captured(python, source, { signal: controller.signal, stdout });
  expect(await ended).toMatchObject({ stderr: "", exitCode: 9, signal: null });
});

test("Node stays alive while a program waits", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await captured(python, "import asyncio\nasyncio.run(asyncio.sleep(0.2))");
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test("one program at a time", async () => {
  const first = runPython("import asyncio\nasyncio.run(asyncio.sleep(0.01))");
  await expect(runPython("print(1)")).rejects.toThrow("a Python program runs in this process already");
  expect(await first).toEqual({ exitCode: 0, signal: null });
});

test("a program leaves nothing to the next one", async () => {
  await runFiles({
    "main.py": `
import asyncio, beside, builtins, logging, os, sys
logging.basicConfig(stream=sys.stdout)
os.environ["LEFT"] = "1"
os.chdir("/")
sys.path.append("/left")
sys.stdout = sys.stderr
asyncio.new_event_loop().call_soon(print, "left")
asyncio.set_event_loop(None)`,
    "beside.py": "",
  });
  const { stdout, stderr } = await captured(
    python,
    `
import asyncio, logging, os, sys
print("beside" in sys.modules, os.environ.get("LEFT"), os.getcwd(), "/left" in sys.path, logging.root.handlers)
loop = asyncio.get_event_loop()
loop.run_until_complete(asyncio.sleep(0))
loop.close()`,
  );
  expect([stdout, stderr]).toEqual([`False None ${process.cwd()} False []\n`, ""]);
  expect(python.loops.size).toBe(0);
});

test("a hundred thousand turns leave nothing behind", async () => {
  const source = `
import asyncio, gc
async def turns(count):
    for _ in range(count):
        await asyncio.sleep(0)
async def main():
    await turns(1000)
    gc.collect()
    before = len(gc.get_objects())
    await turns(100_000)
    gc.collect()
    print(len(gc.get_objects()) - before < 100)
asyncio.run(main())`;
  expect((await captured(python, source)).stdout).toBe("True\n");
});
