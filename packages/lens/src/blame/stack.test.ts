import { describe, expect, test } from "vitest";
import { captureStack, libraryOf, maybeAtEntry, nameInTrace, ownerOf } from "./stack.ts";

describe("whose code a file is", () => {
  const packages = "/work/packages/";
  test.for([
    ["/home/me/shop/src/main.ts", "user"],
    ["https://example.com/main.js", "user"],
    ["/home/me/shop/node_modules/lodash/merge.js", "library"],
    ["/home/me/shop/node_modules/.pnpm/lodash@4/node_modules/lodash/merge.js", "library"],
    ["C:\\shop\\node_modules\\lodash\\merge.js", "library"],
    ["/home/me/shop/node_modules/turnwise/dist/tasks.js", "turnwise"],
    ["/home/me/shop/node_modules/@turnwise/lens/dist/index.js", "turnwise"],
    ["/home/me/shop/node_modules/turnwise-extras/index.js", "library"],
    ["/work/packages/turnwise/src/tasks.ts", "turnwise"],
    ["/work/packages/lens/dist/index.js", "turnwise"],
    ["/work/packages/turnwise/src/tasks.test.ts", "user"],
    ["/work/packages/lens/corpus/blocking/busy-loop.ts", "user"],
    ["node:internal/child_process", "node"],
    ["", "engine"],
    ["wasm://wasm/00ad0bc6", "engine"],
  ])("%s: %s", ([file, owner]) => {
    expect(ownerOf(file!, packages)).toBe(owner);
  });

  test("the library is the innermost package", () => {
    expect(libraryOf("/app/node_modules/a/node_modules/@b/c/index.js")).toBe("@b/c");
    expect(libraryOf("/app/index.js")).toBeNull();
  });
});

test.for([
  ["Shop.open (file:///shop.ts:3:7)", "Shop.open"],
  ["async main (/app/main.js:1:1)", "main"],
  ["new Cache (/app/cache.js:1:1)", "new Cache"],
  ["Timeout.poll [as _onTimeout] (/app/poll.js:1:1)", "poll"],
  ["/app/main.js:1:1", ""],
  ["Object.<anonymous> (/app/main.js:1:1)", ""],
  ["Server.<anonymous> (/app/main.js:1:1)", "Server.<anonymous>"],
])("the name in %s is %s", ([text, name]) => {
  expect(nameInTrace(text!)).toBe(name);
});

describe("the stack", () => {
  const take = (): ReturnType<typeof captureStack> => captureStack(take, 0);
  const opened = (): ReturnType<typeof captureStack> => take();

  test("begins with the caller, and has names and places", () => {
    const [first] = opened();
    expect(first).toMatchObject({ name: "opened", fn: "opened", awaiting: false });
    expect(first!.file).toMatch(/^\/.*stack\.test\.ts$/);
    expect(first!.line).toBeGreaterThan(0);
  });

  test("leaves the program's own formatting of stacks alone", () => {
    const { stackTraceLimit } = Error;
    const format = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    Error.stackTraceLimit = 3;
    Error.prepareStackTrace = () => "mine";
    try {
      opened();
      expect(Error.stackTraceLimit).toBe(3);
      expect(new Error("x").stack).toBe("mine");
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      if (format === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
      else Object.defineProperty(Error, "prepareStackTrace", format);
    }
  });

  test("a function is at its entry where its parameters are", () => {
    const place = { name: "sum", fn: "sum", file: "/a.js", awaiting: false, fnLine: 3, fnColumn: 1 };
    expect(maybeAtEntry({ ...place, line: 3, column: 13 })).toBe(true); // function sum(
    expect(maybeAtEntry({ ...place, line: 3, column: 20 })).toBe(false);
    expect(maybeAtEntry({ ...place, line: 4, column: 13 })).toBe(false);
  });
});
