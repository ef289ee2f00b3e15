import { expect, test } from "vitest";
import { nearest } from "./suggest.ts";

test("the nearest word is found through a few slips", () => {
  const files = ["plain.ts", "blocking.ts", "cooperative.ts"];
  expect(nearest("plan.ts", files)).toBe("plain.ts");
  expect(nearest("blokcing.ts", files)).toBe("blocking.ts");
  expect(nearest("Cooperativ.ts", files)).toBe("cooperative.ts");
  expect(nearest("rn", ["run"])).toBe("run");
});

test("what is not near is not suggested", () => {
  expect(nearest("server.ts", ["plain.ts", "blocking.ts"])).toBeUndefined();
  expect(nearest("x", ["run"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
