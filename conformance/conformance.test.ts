import { beforeAll, describe, expect, it } from "vitest";
import { type Comparison, explain, isEqual } from "./compare.ts";
import { findPairs, runPairs } from "./pairs.ts";

const pairs = await findPairs();

describe("the same program logs the same on CPython and on Turnwise", () => {
  const comparisons = new Map<string, Comparison>();

  // All in one go: CPython is loaded once, and a pair takes milliseconds.
  beforeAll(async () => {
    for (const comparison of await runPairs(pairs)) comparisons.set(comparison.name, comparison);
  }, 120_000);

  it.each(pairs.map(({ name }) => name))("%s", (name) => {
    const comparison = comparisons.get(name);
    if (comparison === undefined) throw new Error(`${name} was not run`);
    if (!isEqual(comparison)) expect.fail(explain(comparison));
    expect(comparison.cpython.at(-1)).toMatch(/^main /);
  });
});
