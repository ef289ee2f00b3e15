import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Ring } from "./ring.ts";

test("is a queue as an array is", () => {
  const operation = fc.oneof(
    { weight: 5, arbitrary: fc.constant("push") },
    { weight: 3, arbitrary: fc.constant("shift") },
    { weight: 1, arbitrary: fc.constantFrom("trim", "peek") },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
      const ring = new Ring<number>();
      const model: number[] = [];
      for (const [i, name] of operations.entries()) {
        if (name === "push") {
          ring.push(i);
          model.push(i);
        } else if (name === "trim") ring.trim();
        else if (name === "peek") expect(ring.peek()).toBe(model[0]);
        else if (model.length > 0) expect(ring.shift()).toBe(model.shift());
        expect(ring.size).toBe(model.length);
      }
      while (model.length > 0) expect(ring.shift()).toBe(model.shift());
    }),
  );
});

test("holds undefined, and works after clear", () => {
  const ring = new Ring<number | undefined>();
  ring.push(undefined);
  expect(ring.size).toBe(1);
  expect(ring.shift()).toBeUndefined();
  for (let i = 0; i < 100; i++) ring.push(i);
  ring.clear();
  expect([ring.size, ring.peek()]).toEqual([0, undefined]);
  ring.push(1);
  expect(ring.shift()).toBe(1);
});
