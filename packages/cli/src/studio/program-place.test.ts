import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import type { RunMessage } from "@turnwise/studio/protocol";
import { expect, test } from "vitest";
import { ProgramDirectory } from "../testing/program.ts";
import { ProgramPlace } from "./program-place.ts";

const request = (change: Partial<RunMessage>): RunMessage => ({
  type: "run",
  slot: 0,
  run: 1,
  source: "text",
  language: "typescript",
  file: null,
  name: "program.ts",
  virtual: false,
  ...change,
});

test("without a file it has a folder of its own, which goes with it", () => {
  const place = new ProgramPlace(request({ name: "blocking.ts" }));
  expect(readFileSync(place.file, "utf8")).toBe("text");
  expect(basename(place.file)).toBe("blocking.ts");
  place[Symbol.dispose]();
  expect(existsSync(dirname(place.file))).toBe(false);
});

test.for([
  ["../../etc/passwd", "program.ts"],
  ["a b.ts", "a_b.ts"],
  [".hidden.ts", "hidden.ts"],
  ["-x.mjs", "x.mjs"],
  ["x.py", "program.ts"],
  ["", "program.ts"],
  [`${"x".repeat(200)}.ts`, "program.ts"],
])("a name that is not fit for a file is made so: %s", ([name, file]) => {
  using place = new ProgramPlace(request({ name: name! }));
  expect(basename(place.file)).toBe(file);
});

test("a file that was not edited is run as it is; an edited one as it is, with another text", () => {
  using directory = new ProgramDirectory({ "a.mts": "text" });
  const file = join(directory.path, "a.mts");
  using same = new ProgramPlace(request({ file }));
  expect([same.file, same.editedFile]).toEqual([file, null]);
  using edited = new ProgramPlace(request({ file, source: "other" }));
  expect([edited.file, readFileSync(edited.editedFile!, "utf8")]).toEqual([file, "other"]);
  expect(edited.editedFile).toMatch(/\.mts$/);
});

test("an edited Python program finds what lies beside its file", () => {
  using directory = new ProgramDirectory({});
  const file = join(directory.path, "a.py");
  writeFileSync(file, "text");
  using place = new ProgramPlace(request({ file, source: "other", language: "python" }));
  expect(readFileSync(place.file, "utf8")).toBe("other");
  expect(place.env["PYTHONPATH"]?.split(delimiter)[0]).toBe(directory.path);
});
