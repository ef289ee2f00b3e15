import { expect, test } from "vitest";
import { turnwise } from "../packages/cli/src/testing/program.ts";

const NAMES = ["plain", "blocking", "cooperative"];

test("the three programs print the same in Python as in TypeScript, to the hundredth", async () => {
  const run = (name: string): Promise<unknown> => turnwise(["run", "--virtual", `examples/${name}`]);
  const python = await Promise.all(NAMES.map((name) => run(`${name}.py`)));
  expect(python).toEqual(await Promise.all(NAMES.map((name) => run(`${name}.ts`))));
}, 60_000);

// Once more if the machine was too busy to be on time.
test("in real time they take 5 s, 5 s and 3 s", { timeout: 60_000, retry: 1 }, async () => {
  const outcomes = await Promise.all(NAMES.map((name) => turnwise(["run", `examples/${name}.py`])));
  const seconds = outcomes.map(({ stdout }) => Number(/Time: (\d+\.\d\d) sec\n$/.exec(stdout)?.[1]));
  for (const [index, planned] of [5, 5, 3].entries()) {
    expect(Math.abs((seconds[index] as number) - planned)).toBeLessThan(0.3);
  }
});
