import { expect, test } from "vitest";
import { counted, inOneLine, inSeconds, inWords, listed, times, whereabouts } from "./figures.ts";
import { LINE } from "./testing/trace-builder.ts";

test.each([
  [5.0166, "5.02 s"],
  [0.1, "0.10 s"],
  [0.0996, "0.10 s"],
  [0.0123, "12 ms"],
  [0.00216, "2.2 ms"],
  [0.0000234, "0.023 ms"],
  [1e-9, "0 s"],
  [0, "0 s"],
  [1234.5, "1,235 s"],
])("%d seconds are %s", (seconds, words) => {
  expect(inSeconds(seconds)).toBe(words);
});

test("numbers come with the right form of the word", () => {
  expect([counted(1, "task"), counted(1234567, "step"), counted(2, "process", "processes")]).toEqual([
    "1 task",
    "1,234,567 steps",
    "2 processes",
  ]);
  expect([1, 2, 3].map(times)).toEqual(["once", "twice", "3 times"]);
});

test("a list of names is cut", () => {
  expect(listed(["a"])).toBe("a");
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
  expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
});

test("paths are relative to the folder, if they are inside it", () => {
  expect(inWords(LINE, "/home/me")).toBe("sleep (examples/blocking.ts:6:11)");
  expect(inWords({ ...LINE, function: "" }, "/home/me/")).toBe("examples/blocking.ts:6:11");
  expect(whereabouts({ ...LINE, column: 0 }, "/home/m")).toBe("/home/me/examples/blocking.ts:6");
  expect(whereabouts({ ...LINE, file: "C:\\code\\a.ts" }, "C:\\code")).toBe("a.ts:6:11");
});

test("what comes from the program can't break a line, colour it, or fill the screen", () => {
  expect(inOneLine("Error: a\n  b\u001b[31mred")).toBe("Error: a b [31mred");
  expect(inOneLine("x".repeat(1000), 50)).toHaveLength(50);
});
