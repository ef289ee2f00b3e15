import { describe, expect, expectTypeOf, test } from "vitest";
import { RuntimeError } from "../exceptions.ts";
import * as unsupported from "./unsupported.ts";

describe("what Node can't give", () => {
  test.each(Object.entries(unsupported))("%s says why, and what to use", (name, fn) => {
    expect(() => fn(7, () => {})).toThrow(RuntimeError);
    expect(() => fn()).toThrow(new RegExp(`^${name}\\(\\) can't be had: .+ Use .+`));
  });

  test("is typed as what never returns", () => {
    expectTypeOf(unsupported.addReader).returns.toBeNever();
  });
});
