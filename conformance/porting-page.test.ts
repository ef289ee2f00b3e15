// docs/asyncio.md can't go stale: its left column is what CPython exports, its middle one what Turnwise does.
import { readFileSync } from "node:fs";
import * as turnwise from "turnwise/node";
import * as testing from "turnwise/testing";
import { expect, test } from "vitest";
import { loadCPython } from "./cpython.ts";

const page = readFileSync(new URL("../docs/asyncio.md", import.meta.url), "utf8");
const index = ["index", "node"]
  .map((name) => readFileSync(new URL(`../packages/turnwise/src/${name}.ts`, import.meta.url), "utf8"))
  .join("\n");
/** Sections whose tables have asyncio's names on the left and Turnwise's beside them. */
const tables = page
  .slice(page.indexOf("## Running"), page.indexOf("## Beyond"))
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | "));

function names(text: string | undefined): string[] {
  return Array.from((text ?? "").matchAll(/`([\w.]+)`/g), (match) => match[1] as string);
}

function exists(name: string): boolean {
  const [owner, member] = name.split(".") as [string, string?];
  const values: Record<string, unknown> = { ...turnwise, ...testing };
  if (member === undefined) return owner in values || new RegExp(`\\btype ${owner}\\b`).test(index);
  const prototype = (values[owner] as { prototype?: object } | undefined)?.prototype;
  return (
    prototype !== undefined &&
    (member in prototype || member in (Reflect.construct(values[owner] as never, []) as object))
  );
}

test("each public name of CPython's asyncio has a row", { timeout: 60_000 }, async () => {
  const python = await loadCPython();
  const source = "import asyncio\nasync def main(log):\n    for name in asyncio.__all__: log(name)\n";
  const [log = []] = python.run([{ name: "names", source }]);
  const all = log.filter((line) => line.includes(" main ")).map((line) => line.split(" ").at(-1) as string);
  expect(all.length).toBeGreaterThan(90);
  const known = new Set(names(page));
  expect(all.filter((name) => !known.has(name))).toEqual([]);
});

test("each Turnwise name in the tables exists", () => {
  const ours = tables.flatMap((cells) => names(cells[1]));
  expect(ours.length).toBeGreaterThan(60);
  expect(ours.filter((name) => !exists(name))).toEqual([]);
});

test("each row that has no Turnwise name says why", () => {
  const without = tables.filter((cells) => cells[1] === "none");
  expect(without.length).toBeGreaterThan(5);
  for (const [python, , why] of without) expect(why?.replace("|", "").trim(), python).not.toBe("");
});

test("each value that Turnwise exports is on the page", () => {
  const known = new Set(names(page));
  expect(Object.keys(turnwise).filter((name) => !known.has(name))).toEqual([]);
});
