/** Keeps a shrunk mismatch: a pair of programs like any other, and the program as data. */
import { mkdir, writeFile } from "node:fs/promises";
import * as asyncio from "turnwise";
import { nameOf } from "./check.ts";
import { toJavaScript } from "./javascript.ts";
import type { RandomProgram } from "./program.ts";
import { toPython } from "./python.ts";

const FOUND = new URL("../found/", import.meta.url);

/** Writes NAME.py, NAME.ts and NAME.json; returns the command that runs the pair. */
export async function keep(program: RandomProgram): Promise<string> {
  const name = nameOf(program);
  await mkdir(FOUND, { recursive: true });
  await writeFile(new URL(`${name}.py`, FOUND), toPython(program));
  await writeFile(new URL(`${name}.ts`, FOUND), toModule(program));
  await writeFile(new URL(`${name}.json`, FOUND), `${JSON.stringify(program, null, 2)}\n`);
  return `npm run conformance -- found/${name}`;
}

export function toModule(program: RandomProgram): string {
  const body = toJavaScript(program);
  const used = Object.keys(asyncio).filter((name) => new RegExp(`(?<![.\\w])${name}\\(`).test(body));
  const factories = ["eagerTaskFactory"].filter((name) => body.includes(`(${name})`));
  const classes = ["CancelledError", "KeyboardInterrupt", "Task"].filter((name) => body.includes(`instanceof ${name}`));
  const helpers = ["describe", "show"].filter((name) => body.includes(`${name}(`));
  return [
    `// @ts-nocheck: rendered from ${nameOf(program)}.json`,
    `import { ${[...new Set([...used, ...factories, ...classes])].sort().join(", ")} } from "turnwise";`,
    `import { ${[...helpers, "type Log"].join(", ")} } from "../log.ts";`,
    "",
    "export default async function main(log: Log): Promise<void> {",
    `${body}}`,
    "",
  ].join("\n");
}
