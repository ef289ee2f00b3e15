/** `Chunks`. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { growth, LINEAR } from "../testing/growth.ts";
import { Chunks } from "./chunks.ts";

/** Long and short chunks of few different bytes, so that separators are found, also across chunks. */
const chunk = fc
  .oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "\n"), minLength: 1, maxLength: 6 }),
    fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1000, maxLength: 1100 }),
  )
  .map((text) => Buffer.from(text));

const action = fc.oneof(
  chunk.map((data) => ({ kind: "push" as const, data })),
  fc.constant({ kind: "settle" as const }),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: "take" as const, share })),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: "drop" as const, share })),
  fc
    .record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.constantFrom("a", "\n", "ab", "b\na", "aabb"),
    })
    .map((search) => ({ kind: "search" as const, ...search })),
);

test("once settled, a few bytes do not hold the memory that they came in", () => {
  const chunks = new Chunks();
  chunks.push(Buffer.alloc(60_000, "x"));
  chunks.take(59_990);
  chunks.settle();
  const rest = chunks.take(10);
  expect(String(rest)).toBe("x".repeat(10));
  expect(rest.buffer.byteLength).toBe(10);
});

test("does what one long buffer does", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const chunks = new Chunks();
      let whole = Buffer.alloc(0);
      for (const step of actions) {
        if (step.kind === "push") {
          chunks.push(Buffer.from(step.data));
          whole = Buffer.concat([whole, step.data]);
        } else if (step.kind === "settle") chunks.settle();
        else if (step.kind === "search") {
          const from = Math.floor(step.share * (whole.length + 1));
          expect(chunks.indexOf(Buffer.from(step.bytes), from)).toBe(whole.indexOf(step.bytes, from));
        } else {
          const count = Math.ceil(step.share * whole.length);
          if (step.kind === "drop") chunks.drop(count);
          else if (count > 0) expect(chunks.take(count)).toEqual(whole.subarray(0, count));
          whole = whole.subarray(count);
        }
        expect(chunks.size).toBe(whole.length);
      }
    }),
    { numRuns: 300 },
  );
});

describe("copies", () => {
  test("no chunk that is taken whole", () => {
    const chunks = new Chunks();
    const data = Buffer.alloc(2000);
    chunks.push(data);
    expect(chunks.take(2000)).toBe(data);
  });

  test("what it gave is not overwritten by what comes", () => {
    const chunks = new Chunks();
    for (const text of ["a", "b", "c"]) chunks.push(Buffer.from(text));
    const taken = [chunks.take(1), chunks.take(1)];
    for (let i = 0; i < 3000; i++) chunks.push(Buffer.from("x"));
    expect(taken.map(String)).toEqual(["a", "b"]);
  });
});

test("single bytes that pile up take little more memory than themselves", () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const inUse = (): number => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const chunks = new Chunks();
  const before = inUse();
  for (let i = 0; i < 100_000; i++) chunks.push(Buffer.allocUnsafeSlow(1));
  const after = inUse();
  expect(chunks.size).toBe(100_000);
  expect(after - before).toBeLessThan(1_000_000);
});

test("a queue that is never empty does not grow", async () => {
  const data = Buffer.alloc(1024);
  const ratio = await growth(200_000, (n) => {
    const chunks = new Chunks();
    for (let i = 0; i < 50; i++) chunks.push(data);
    for (let i = 0; i < n; i++) {
      chunks.push(data);
      chunks.take(1024);
    }
  });
  expect(ratio).toBeLessThan(LINEAR);
});

test("to search again and again, as chunks come, costs what came", async () => {
  const data = Buffer.alloc(1024, "a");
  const ratio = await growth(20_000, (n) => {
    const chunks = new Chunks();
    for (let i = 0; i < n; i++) {
      const from = chunks.size;
      chunks.push(data);
      chunks.indexOf(Buffer.from("\r\n"), Math.max(0, from - 1));
    }
  });
  expect(ratio).toBeLessThan(LINEAR);
});
