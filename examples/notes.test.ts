import { expect, test } from "vitest";
import { turnwise } from "../packages/cli/src/testing/program.ts";

const ONE_AFTER_THE_OTHER = `\
Task A: Computing 0+1
Time: 0.00
Task A: Computing 1+2
Time: 1.00
Task A: Sum = 3

Task B: Computing 0+1
Time: 2.00
Task B: Computing 1+2
Time: 3.00
Task B: Computing 3+3
Time: 4.00
Task B: Sum = 6

Time: 5.00 sec
`;

const TAKING_TURNS = `\
Task A: Computing 0+1
Time: 0.00
Task B: Computing 0+1
Time: 0.00
Task A: Computing 1+2
Time: 1.00
Task B: Computing 1+2
Time: 1.00
Task A: Sum = 3

Task B: Computing 3+3
Time: 2.00
Task B: Sum = 6

Time: 3.00 sec
`;

const PROGRAMS = [
  ["examples/plain.ts", ONE_AFTER_THE_OTHER],
  ["examples/blocking.ts", ONE_AFTER_THE_OTHER],
  ["examples/cooperative.ts", TAKING_TURNS],
] as const;

// Once more if the machine was too busy to be on time.
test("the three programs print what the notes print, on time", { timeout: 20_000, retry: 1 }, async () => {
  const outcomes = await Promise.all(PROGRAMS.map(([file]) => turnwise(["run", file])));
  for (const [index, [, expected]] of PROGRAMS.entries()) {
    const { stdout, stderr, code } = outcomes[index]!;
    expect({ lines: withoutTimes(stdout), stderr, code }).toEqual({
      lines: withoutTimes(expected),
      stderr: "",
      code: 0,
    });
    const planned = times(expected);
    for (const [at, time] of times(stdout).entries()) {
      // On a quiet machine it is less than 0.02 s; here other tests run at the same time.
      expect(Math.abs(time - planned[at]!)).toBeLessThan(0.1);
    }
  }
});

test("under virtual time they print the same, to the hundredth, at once", async () => {
  const outcomes = await Promise.all(PROGRAMS.map(([file]) => turnwise(["run", "--virtual", file])));
  expect(outcomes).toEqual(PROGRAMS.map(([, stdout]) => ({ stdout, stderr: "", code: 0, signal: null })));
});

function withoutTimes(text: string): string {
  return text.replaceAll(/Time: \d+\.\d\d/g, "Time");
}

function times(text: string): number[] {
  return [...text.matchAll(/Time: (\d+\.\d\d)/g)].map(([, time]) => Number(time));
}
