// What goes over Redis comes back as it was.
import fc from "fast-check";
import { CancelledError, ExceptionGroup, TimeoutError } from "turnwise";
import { describe, expect, test } from "vitest";
import { errorForQueue, errorFromQueue, pack, shownStack, unpack } from "./wire.ts";

/** Over Redis and back, as BullMQ does it. */
function sent(value: unknown): unknown {
  return unpack(JSON.parse(JSON.stringify(pack(value, "value", "no"))) as ReturnType<typeof pack>);
}

function thrownBack(thrown: unknown): unknown {
  const { stack } = errorForQueue(thrown, false);
  return errorFromQueue(JSON.parse(JSON.stringify(["an earlier one", stack])) as string[])?.thrown;
}

describe("values", () => {
  test("come back as the structured clone makes them", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(sent(value)).toEqual(structuredClone(value));
      }),
      { numRuns: 2000 },
    );
  });

  test("are JSON where JSON keeps them: other tools can read them", () => {
    const value = { name: "Ada", tags: ["a", null], nested: { n: 1.5, yes: true } };
    expect(pack(value, "value", "no")).toEqual({ json: value });
  });

  test.each([
    ["undefined in an object", { a: undefined }],
    ["a hole", [1, , 3]], // oxlint-disable-line no-sparse-arrays
    ["a property of an array", Object.assign([1], { name: "x" })],
    ["-0", [-0]],
    ["NaN", { n: NaN }],
    ["a Date", { at: new Date(0) }],
    ["a Buffer", Buffer.from("bytes")],
    ["what has a toJSON of its own class", new URLSearchParamsLike()],
    ["__proto__", JSON.parse('{"__proto__": 1}')],
  ])("are not JSON where it would lose something: %s", (_, value) => {
    expect(pack(value, "value", "no")).toHaveProperty("v8");
  });

  test("that are there twice are one thing on the other side", () => {
    const one = {};
    const [a, b] = sent([one, one]) as [object, object];
    expect(a).toBe(b);
  });

  test.each([5, null, "v8", [], {}, { v8: 7 }])("that others sent are refused: %j", (packed) => {
    expect(() => unpack(packed as never)).toThrow("what came over the queue is not what Turnwise sends");
  });

  test("that can't be sent are named", () => {
    expect(() => pack([{ user: { save: () => 1 } }], "args", "the arguments of f can't be sent")).toThrow(
      /^the arguments of f can't be sent: args\[0\]\.user\.save: the function save$/,
    );
  });
});

class URLSearchParamsLike {
  a = 1;
  toJSON(): string {
    return "text";
  }
}

describe("errors", () => {
  test("come back with name, message, stack, code and cause", () => {
    const error = Object.assign(new RangeError("too large", { cause: new Error("disk") }), { code: "ETOOLARGE" });
    const back = thrownBack(error) as typeof error;
    expect(back).toBeInstanceOf(RangeError);
    expect(back).toMatchObject({ message: "too large", code: "ETOOLARGE", cause: { message: "disk" } });
    expect(back.stack).toBe(error.stack);
  });

  test.each([new TimeoutError("late"), new CancelledError(), new ExceptionGroup("two", [new Error("a")])])(
    "are of Turnwise's classes: %s",
    (error) => {
      expect(thrownBack(error)).toBeInstanceOf(error.constructor);
    },
  );

  test.each([["text"], [7], [undefined], [{ code: 1 }]])("need not be errors: %j", (thrown) => {
    expect(thrownBack(thrown)).toEqual(thrown);
  });

  test.each(["ExceptionGroup", "AggregateError"])("that are called %s and are none come back by that name", (name) => {
    const back = thrownBack(Object.defineProperty(new Error("alone"), "name", { value: name })) as Error;
    expect(back).toMatchObject({ name, message: "alone" });
    expect(back).not.toBeInstanceOf(AggregateError);
  });

  test("are never BullMQ's word that the job is to begin again", () => {
    const limit = new Error("bullmq:rateLimitExceeded");
    expect(errorForQueue(limit, false).message).not.toBe(limit.message);
    expect(thrownBack(limit)).toMatchObject({ message: limit.message });
  });

  test("have their plain stack for people", () => {
    const error = new Error("no");
    expect(shownStack(errorForQueue(error, true).stack as string)).toBe(error.stack);
  });

  test("of others are none of ours", () => {
    expect(errorFromQueue([])).toBe(null);
    expect(errorFromQueue(["Error: by hand\n    at x"])).toBe(null);
  });
});
