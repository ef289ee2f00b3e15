/** Python programs that the page runs. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProgramDirectory } from "../testing/program.ts";
import { type Page, Studio } from "../testing/studio.ts";

/** On a busy machine the interpreter takes many seconds to load. */
const timeout = 90_000;

const HELPS = "import helper\nprint(helper.word)\n";
let directory: ProgramDirectory;
let studio: Studio;
let page: Page;
beforeAll(async () => {
  directory = new ProgramDirectory({ "helper.py": 'word = "helped"\n', "main.py": HELPS });
  studio = await Studio.start(["main.py"], directory.path);
  page = await studio.page();
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

test("what it did is told, with its lines", { timeout }, async () => {
  const source = `import asyncio

async def job(name):
    await asyncio.sleep(0.01)
    print(name)

async def main():
    async with asyncio.TaskGroup() as group:
        for name in "AB":
            group.create_task(job(name), name=name)

asyncio.run(main())
`;
  const { started, stdout, trace } = await page.run(source, { language: "python", name: "group.py" });
  expect(stdout).toBe("A\nB\n");
  const { tasks, steps, sources } = trace!.trace;
  const frame = (line: number) => expect.objectContaining({ file: started!.file, line }) as object;
  for (const name of ["A", "B"]) {
    const task = tasks.find((each) => each.name === name)!;
    expect(task.madeAt).toEqual(frame(10));
    const places = steps.filter((step) => step.task === task.id).map(({ at }) => at);
    expect(places).toEqual([frame(4), null]);
  }
  expect(sources).toEqual([{ file: started!.file, text: source }]);
});

test("an edited file finds the modules beside it", { timeout }, async () => {
  const edited = `${HELPS}print("edited")\n`;
  const { stdout, ended } = await page.run(edited, { language: "python", file: join(directory.path, "main.py") });
  expect(stdout).toBe("helped\nedited\n");
  expect(ended).toMatchObject({ exitCode: 0, error: null });
});

test("an error that nobody caught, with its line", { timeout }, async () => {
  const source = "import asyncio\n\nasync def main():\n    raise ValueError('no')\n\nasyncio.run(main())\n";
  const { started, ended } = await page.run(source, { language: "python", name: "fails.py" });
  expect(ended.error).toMatchObject({ message: "ValueError: no", file: started!.file, line: 4 });
});

test("a syntax error, with its line and column", { timeout }, async () => {
  const { started, ended } = await page.run("x = (\n", { language: "python", name: "bad.py" });
  const message = "SyntaxError: '(' was never closed";
  expect(ended.error).toEqual({ message, file: started!.file, line: 1, column: 5 });
});

test.for(["while True: pass"])("one that blocks its thread can be stopped: %s", { timeout }, async (code) => {
  const run = page.begin(`import time\nprint("ready")\n${code}\n`, { language: "python", name: "busy.py" });
  await page.printed("ready", run);
  page.say({ type: "stop", slot: 0 });
  const { ended, stderr } = await page.end(run);
  expect(ended).toMatchObject({ stopped: true, recorded: true, error: null });
  expect(stderr).toContain("KeyboardInterrupt");
});
