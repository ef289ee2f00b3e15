/** Runs random programs on both halves. */
import * as asyncio from "turnwise";
import type { Comparison } from "../compare.ts";
import type { CPython } from "../cpython.ts";
import { describe, type Program, show } from "../log.ts";
import { programOf, runTurnwise, type Names } from "../turnwise.ts";
import { toJavaScript } from "./javascript.ts";
import type { RandomProgram } from "./program.ts";
import { toPython } from "./python.ts";

/** Runs a program and gives its log. The tests put in one that is wrong on purpose. */
export type Runtime = (source: string) => Promise<string[]>;

/** Turnwise as it is; `wrong` replaces some of the names a program sees, and `run` how it is run. */
export function turnwiseRuntime(
  wrong: Names = {},
  run: (program: Program) => Promise<string[]> = runTurnwise,
): Runtime {
  const names = { ...asyncio, describe, show, ...wrong };
  return (source) => run(programOf(source, names));
}

/** Runs each program on both halves; CPython takes them all in one call. */
export async function compareAll(
  programs: readonly RandomProgram[],
  cpython: CPython,
  runtime: Runtime,
): Promise<Comparison[]> {
  const sources = programs.map((program) => ({ name: nameOf(program), source: toPython(program) }));
  const logs = cpython.run(sources);
  const comparisons: Comparison[] = [];
  for (const [index, program] of programs.entries()) {
    const turnwise = await runtime(toJavaScript(program));
    comparisons.push({ name: nameOf(program), cpython: logs[index] ?? [], turnwise });
  }
  return comparisons;
}

export function nameOf(program: RandomProgram): string {
  return `seed-${program.seed}`;
}
