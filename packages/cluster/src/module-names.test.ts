// Names of modules that mean the same on every machine.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moduleName } from "./module-names.ts";

let folder: string;
const nameOf = (path: string): string => moduleName(pathToFileURL(join(folder, path)).href);
function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turnwise-names-"));
  write("here/app/package.json", '{ "name": "@me/app" }');
  write("there/app/package.json", '{ "name": "@me/app" }');
  write("here/app/dist/package.json", '{ "type": "module" }');
  write("nameless/package.json", "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a file is named by its package and its path there, wherever that lies", () => {
  expect(nameOf("here/app/src/images.ts")).toBe("@me/app/src/images.ts");
  expect(nameOf("there/app/src/images.ts")).toBe("@me/app/src/images.ts");
});

test("a package.json that only says what kind of modules there are does not count", () => {
  expect(nameOf("here/app/dist/images.js")).toBe("@me/app/dist/images.js");
});

test("a package without a name will do", () => {
  expect(nameOf("nameless/src/images.ts")).toBe("./src/images.ts");
});

test("a file of no package is refused", () => {
  expect(() => nameOf("loose.ts")).toThrow(/loose\.ts belongs to no package.*functionsOf\("cluster:work"\)/);
});

test("a module may have a name of its own", () => {
  expect(moduleName("cluster:images")).toBe("images");
});

test("others are named by their URL", () => {
  expect(moduleName("node:zlib")).toBe("node:zlib");
});
