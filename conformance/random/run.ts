/** Random programs until one differs, or until all have been run. */
import { type Comparison, isEqual } from "../compare.ts";
import { loadCPython } from "../cpython.ts";
import { compareAll, type Runtime, turnwiseRuntime } from "./check.ts";
import { generateProgram } from "./generate.ts";
import type { RandomProgram } from "./program.ts";
import { shrink } from "./shrink.ts";

export interface Mismatch {
  /** The shrunk program and what it logs. */
  program: RandomProgram;
  comparison: Comparison;
}

export interface RandomRun {
  count: number;
  /** The first program's seed; the next one has the next seed. */
  seed: number;
  runtime?: Runtime;
  /** Stop after this many mismatches. */
  most?: number;
  onProgress?: (ran: number, found: number) => void;
  onShrink?: (program: RandomProgram) => void;
}

const BATCH = 100;

export async function runRandom(run: RandomRun): Promise<{ ran: number; mismatches: Mismatch[] }> {
  const { count, seed, runtime = turnwiseRuntime(), most = 1, onProgress, onShrink } = run;
  const cpython = await loadCPython();
  const mismatches: Mismatch[] = [];
  let ran = 0;
  while (ran < count && mismatches.length < most) {
    const size = Math.min(BATCH, count - ran);
    const programs = Array.from({ length: size }, (_, index) => generateProgram(seed + ran + index));
    const comparisons = await compareAll(programs, cpython, runtime);
    for (const [index, comparison] of comparisons.entries()) {
      const program = programs[index];
      if (program === undefined || isEqual(comparison)) continue;
      const smallest = await shrink(program, cpython, runtime, onShrink);
      const [again] = await compareAll([smallest], cpython, runtime);
      mismatches.push({ program: smallest, comparison: again ?? comparison });
      if (mismatches.length === most) break;
    }
    ran += size;
    onProgress?.(ran, mismatches.length);
  }
  return { ran, mismatches };
}
