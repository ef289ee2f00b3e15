import { resolve } from "node:path";
import { expect, test } from "vitest";
import { placed } from "./syntax-error.ts";

const QUESTION = { file: "/home/me/a.ts", editedFile: "/tmp/x/edited.ts" };

test.for([
  ["lib/b.ts:2:7: Unexpected token", { message: "Unexpected token", file: resolve("lib/b.ts"), line: 2, column: 7 }],
  ["/home/me/a.ts:3: no: 1:2: three", { message: "no: 1:2: three", file: "/home/me/a.ts", line: 3, column: null }],
  ["/tmp/x/edited.ts:1:1: In edited text", { message: "In edited text", file: QUESTION.file, line: 1, column: 1 }],
  ["Nobody knows where", { message: "Nobody knows where", file: QUESTION.file, line: null, column: null }],
])("%s", ([told, error]) => {
  expect(placed(told as string, QUESTION)).toEqual(error);
});
