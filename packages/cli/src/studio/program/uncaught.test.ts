import { expect, test } from "vitest";
import { uncaught } from "./uncaught.ts";

const PROGRAM = "/home/me/program.ts";

function errorWith(stack: string, error: Error = new TypeError("no\nreally")): Error {
  return Object.assign(error, { stack });
}

test("the innermost frame of the program's own", () => {
  const stack = `TypeError: no
    at node:internal/modules/run_main:105:5
    at fails (/app/node_modules/lib/index.js:1:2)
    at helps (file:///home/me/helper.ts:3:4)
    at async Object.job (file:///home/me/program.ts:5:6)
    at async file:///home/me/program.ts:7:8`;
  const place = { file: PROGRAM, line: 5, column: 6 };
  expect(uncaught(errorWith(stack), PROGRAM)).toEqual({ message: "TypeError: no", ...place });
});

test("without one, the innermost that is no library's", () => {
  const stack = "TypeError: no\n    at fails (/app/node_modules/lib/index.js:1:2)\n    at /home/me/helper.ts:3:4";
  expect(uncaught(errorWith(stack), PROGRAM)).toMatchObject({ file: "/home/me/helper.ts", line: 3, column: 4 });
});

test("of a group, and of a cause, the frames are looked at too", () => {
  const inner = errorWith("Error: inner\n    at /home/me/program.ts:9:1", new Error("inner"));
  const cause = errorWith("Error: middle", new Error("middle", { cause: inner }));
  const group = errorWith("AggregateError: all", new AggregateError([cause], "all"));
  expect(uncaught(group, PROGRAM)).toMatchObject({ message: "AggregateError: all", line: 9 });
});

test.for([
  [undefined, "Uncaught undefined"],
  ["text", "Uncaught 'text'"],
  [{ a: { b: {} } }, "Uncaught { a: [Object] }"],
])("what is no error: %s", ([thrown, message]) => {
  expect(uncaught(thrown, PROGRAM)).toEqual({ message, file: null, line: null, column: null });
});
