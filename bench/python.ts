/** The rows about Python programs: what a step costs on Turnwise's loop, and how long CPython takes to be there. */
import { loadPyodide } from "pyodide";
import { runPython } from "@turnwise/python";
import { median } from "./median.ts";
import type { PythonRowName, RowName } from "./row.ts";

const MEASURES: Readonly<Record<PythonRowName, (operations: number) => Promise<number>>> = {
  "python-sleep0": (steps) => stepsOn("asyncio.EventLoop", steps),
  "python-sleep0-least": (steps) => stepsOn("Least", steps),
  "python-start": start,
  "python-start-alone": startAlone,
};

/** Whether {@link measurePython} does it. */
export function isPythonRow(name: RowName): name is PythonRowName {
  return Object.hasOwn(MEASURES, name);
}

/** @returns the figure, in the row's unit. */
export function measurePython(name: PythonRowName, operations: number): Promise<number> {
  return MEASURES[name](operations);
}

/** `asyncio.sleep(0)`, again and again, on a loop of that class; `Least` is what can't be less, in Python alone. */
const STEPS = `
import asyncio, sys, time
from asyncio import base_events

class Least(base_events.BaseEventLoop):
    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass

    def run_forever(self):
        self._run_forever_setup()
        try:
            ready = self._ready
            while not self._stopping:
                for _ in range(len(ready)):
                    handle = ready.popleft()
                    if not handle._cancelled:
                        handle._run()
        finally:
            self._run_forever_cleanup()

async def sleeps(count):
    for _ in range(count):
        await asyncio.sleep(0)

count = int(sys.argv[1])
with asyncio.Runner(loop_factory=eval(sys.argv[2])) as runner:
    runner.run(sleeps(count // 10))
    for _ in range(5):
        begin = time.perf_counter()
        runner.run(sleeps(count))
        print((time.perf_counter() - begin) / count * 1e9)
`;

async function stepsOn(loopClass: string, steps: number): Promise<number> {
  return median((await printedBy(STEPS, [String(steps), loopClass])).split("\n").map(Number));
}

/** From the start of this process to a program's first line, in milliseconds. */
async function start(): Promise<number> {
  let firstLine = 0;
  await runPython("print('first')", { stdout: () => (firstLine ||= performance.now()) });
  return firstLine;
}

/** The same of Pyodide alone. */
async function startAlone(): Promise<number> {
  let firstLine = 0;
  const pyodide = await loadPyodide({ stdout: () => (firstLine ||= performance.now()) });
  pyodide.runPython("print('first')");
  return firstLine;
}

/** What a program prints. */
async function printedBy(source: string, args: readonly string[]): Promise<string> {
  const chunks: Uint8Array[] = [];
  const { exitCode } = await runPython(source, { args, stdout: (bytes) => chunks.push(bytes) });
  if (exitCode !== 0) throw new Error(`the program ended with ${exitCode}`);
  return Buffer.concat(chunks).toString().trim();
}
