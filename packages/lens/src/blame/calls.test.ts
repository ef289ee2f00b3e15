import { expect, test } from "vitest";
import { Calls, lastName } from "./calls.ts";
import type { RawFrame } from "./stack.ts";

const TEXT = `import { readFileSync as read } from "node:fs";
class Store {
  load(path) {
    const first = read(path);
    const second = read(path + this.name(read(path)));
    return JSON.parse(first) + second;
  }
  async each(list) {
    prepare();
    for (const item of list) {
      use(item);
      list.map((x) => use(x)).sort();
    }
  }
}
`;
const calls = Calls.parse(TEXT)!;

/** As the profiler names a function: by the place of its parameters. */
function method(fn: string): RawFrame {
  const line = TEXT.split("\n").findIndex((text) => text.includes(`${fn}(`) && text.endsWith("{")) + 1;
  const fnColumn = TEXT.split("\n")[line - 1]!.indexOf("(") + 1;
  return { name: fn, fn, file: "/store.js", line: 0, column: 0, fnLine: line, fnColumn, awaiting: false };
}

test("a call is found under the name that it was imported by", () => {
  expect(calls.findCall(method("load"), "readFileSync", { line: 5, column: 1 })).toMatchObject({ line: 4, column: 19 });
});

test("of several calls, it is the last that was over before the place that was reached", () => {
  // Its argument, for the outer call can't have begun.
  expect(calls.findCall(method("load"), "readFileSync", { line: 5, column: 25 })).toMatchObject({ line: 4 });
  expect(calls.findCall(method("load"), "readFileSync", { line: 6, column: 5 })).toMatchObject({ line: 5, column: 42 });
});

test("in a loop, a call that stands further down may have come before", () => {
  expect(calls.findCall(method("each"), "sort", { line: 11, column: 7 })).toMatchObject({ line: 12 });
});

test("calls in inner functions belong to those", () => {
  expect(calls.findCall(method("each"), "use", null)).toMatchObject({ line: 11 });
});

test("the builtin on a line", () => {
  expect(calls.builtinOn(method("load"), 6)).toMatchObject({ name: "JSON.parse" });
  expect(calls.builtinOn(method("each"), 12)).toMatchObject({ name: "Array.sort" });
  expect(calls.builtinOn(method("each"), 10)).toBeNull();
});

test("lines in one loop", () => {
  expect(calls.inOneLoop(method("each"), [{ line: 11 }, { line: 12 }])).toBe(true);
  expect(calls.inOneLoop(method("each"), [{ line: 9 }, { line: 12 }])).toBe(false);
  expect(calls.inOneLoop(method("load"), [{ line: 5 }])).toBe(false);
});

test("methods have their class's name", () => {
  expect(calls.fullName(method("load"))).toBe("Store.load");
});

test("what is called at a place, by its own name", () => {
  expect(calls.callAt(4, 19)).toMatchObject({ name: "read", imported: "readFileSync" });
  expect(calls.callAt(4, 5)).toBeNull();
});

test("the entries of functions", () => {
  const { fnLine, fnColumn } = method("load");
  expect(calls.isEntry(fnLine, fnColumn)).toBe(true);
  expect(calls.isEntry(fnLine + 1, 5)).toBe(false);
});

test("CommonJS with a return at the top can be parsed; other text can't", () => {
  expect(Calls.parse("if (done) return;\nwith (a) b();")).not.toBeNull();
  expect(Calls.parse("enum A { B }")).toBeNull();
});

test("the last name of an inferred one", () => {
  expect(lastName("exports.parse")).toBe("parse");
  expect(lastName("get value")).toBe("value");
});

test("a function that calls itself is the file's own, also where it has only a variable's name", () => {
  const text = "const slow = (n) => (n < 2 ? 1 : slow(n - 1) + slow(n - 2));\nslow(30);\n";
  expect(Calls.parse(text)!.defines("slow")).toBe(true);
  expect(Calls.parse(text)!.nameAt({ ...method("load"), fn: "slow", fnLine: 1, fnColumn: 14 })).toEqual({
    line: 1,
    column: 7,
  });
});
