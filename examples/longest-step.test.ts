import { expect, test } from "vitest";
import { turnwise } from "../packages/cli/src/testing/program.ts";

test("the instrument finds the task whose step was the longest", async () => {
  const outcome = await turnwise(["run", "examples/longest-step.ts"]);
  expect(outcome).toEqual({ stdout: "longest step: heavy\n", stderr: "", code: 0, signal: null });
});
