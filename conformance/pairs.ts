import { readFile, readdir } from "node:fs/promises";
import type { Comparison } from "./compare.ts";
import { loadCPython } from "./cpython.ts";
import { describe, type Program } from "./log.ts";
import { runTurnwise } from "./turnwise.ts";

/** A program in two languages: NAME.py and NAME.ts. */
export interface Pair {
  /** `gather/results`, or `found/seed-12` for a shrunk random program. */
  name: string;
  python: URL;
  typescript: URL;
}

const HERE = new URL("./", import.meta.url);

/** All pairs, in programs/ and in found/, by name. A half without its other half is an error. */
export async function findPairs(): Promise<Pair[]> {
  const pairs = [...(await pairsIn("programs/", "")), ...(await pairsIn("found/", "found/"))];
  return pairs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function pairsIn(folder: string, prefix: string): Promise<Pair[]> {
  const root = new URL(folder, HERE);
  const files = (await readdir(root, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const halves = (extension: string): Set<string> =>
    new Set(files.filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length)));
  const [python, typescript] = [halves(".py"), halves(".ts")];
  const alone = [...python.symmetricDifference(typescript)];
  if (alone.length > 0) {
    throw new Error(`these programs in ${folder} have one half only: ${alone.join(", ")}. Add the other half.`);
  }
  return [...python].map((name) => ({
    name: prefix + name,
    python: new URL(`${name}.py`, root),
    typescript: new URL(`${name}.ts`, root),
  }));
}

/** Runs both halves of each pair. `onDone` hears of each as it ends. */
export async function runPairs(
  pairs: readonly Pair[],
  onDone: (comparison: Comparison, count: number) => void = () => {},
): Promise<Comparison[]> {
  const cpython = await loadCPython();
  const sources = await Promise.all(
    pairs.map(async ({ name, python }) => ({ name, source: await readFile(python, "utf8") })),
  );
  const logs = cpython.run(sources);
  const comparisons: Comparison[] = [];
  for (const [index, { name, typescript }] of pairs.entries()) {
    const turnwise = await runTypeScript(typescript);
    const comparison = { name, cpython: logs[index] ?? [], turnwise };
    comparisons.push(comparison);
    onDone(comparison, comparisons.length);
  }
  return comparisons;
}

/** An error of the program's own text is a line of its log, as it is in python/conformance.py. */
async function runTypeScript(file: URL): Promise<string[]> {
  let program: Program | undefined;
  try {
    program = ((await import(file.href)) as { default?: Program }).default;
  } catch (error) {
    return [`program broken: ${describe(error)}`];
  }
  return program === undefined ? ["program broken: no default export"] : await runTurnwise(program);
}
