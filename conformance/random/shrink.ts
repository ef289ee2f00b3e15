/** Cuts a program down to a small one that still shows the mismatch. */
import { type Comparison, isEqual } from "../compare.ts";
import type { CPython } from "../cpython.ts";
import { compareAll, type Runtime } from "./check.ts";
import { isSure } from "./eager.ts";
import {
  type Block,
  blocksOf,
  isWellFormed,
  type Operand,
  operandsOf,
  type RandomProgram,
  type Statement,
} from "./program.ts";

/** How many cuts are tried in one call of CPython. */
const CHUNK = 16;

/** The smallest program that one cut after another leads to; `onCut` hears how many statements are left. */
export async function shrink(
  program: RandomProgram,
  cpython: CPython,
  runtime: Runtime,
  onCut: (program: RandomProgram) => void = () => {},
): Promise<RandomProgram> {
  let smallest = program;
  for (;;) {
    const smaller = await firstMismatch(smallest, cpython, runtime);
    if (smaller === undefined) return smallest;
    smallest = smaller;
    onCut(smallest);
  }
}

async function firstMismatch(
  program: RandomProgram,
  cpython: CPython,
  runtime: Runtime,
): Promise<RandomProgram | undefined> {
  let chunk: RandomProgram[] = [];
  const check = async (): Promise<RandomProgram | undefined> => {
    const comparisons = await compareAll(chunk, cpython, runtime);
    const index = comparisons.findIndex((one) => !isEqual(one) && !isBroken(one));
    const found = chunk[index];
    chunk = [];
    return found;
  };
  for (const body of smallerBlocks(program.body)) {
    if (!isWellFormed(body) || !isSure({ ...program, body })) continue;
    chunk.push({ ...program, body });
    if (chunk.length < CHUNK) continue;
    const found = await check();
    if (found !== undefined) return found;
  }
  return check();
}

/** A text that is no program is no mismatch, whatever the other half makes of it. */
function isBroken({ cpython }: Comparison): boolean {
  return cpython[0]?.startsWith("program broken") ?? true;
}

/** Every block that is one cut smaller, big cuts first. Each cut takes something away, so cutting comes to an end. */
export function* smallerBlocks(block: Block): Generator<Block> {
  const half = Math.floor(block.length / 2);
  if (half > 1) {
    yield block.slice(half);
    yield block.slice(0, half);
  }
  for (const index of block.keys()) yield block.toSpliced(index, 1);
  for (const [index, statement] of block.entries()) {
    for (const inner of blocksOf(statement)) yield block.toSpliced(index, 1, ...inner);
  }
  for (const [index, statement] of block.entries()) {
    for (const smaller of smallerStatements(statement)) yield block.with(index, smaller);
  }
}

function* smallerStatements(s: Statement): Generator<Statement> {
  if ("body" in s) for (const body of smallerBlocks(s.body)) yield { ...s, body };
  if (s.kind === "try") {
    for (const handler of smallerBlocks(s.handler)) yield { ...s, handler };
    for (const last of smallerBlocks(s.last)) yield { ...s, last };
    if (s.again) yield { ...s, again: false };
  }
  if ("operands" in s && s.operands.length > 1) {
    for (const index of s.operands.keys()) yield { ...s, operands: s.operands.toSpliced(index, 1) };
  }
  for (const [index, operand] of operandsOf(s).entries()) {
    for (const smaller of smallerOperands(operand)) {
      if ("operands" in s) yield { ...s, operands: s.operands.with(index, smaller) };
      else if ("operand" in s) yield { ...s, operand: smaller };
    }
  }
  yield* plainer(s);
}

function* smallerOperands(operand: Operand): Generator<Operand> {
  if (operand.kind !== "coroutine") return;
  if (operand.levels > 1) yield { ...operand, levels: 1 };
  for (const body of smallerBlocks(operand.body)) yield { ...operand, body };
}

/** The same statement with one option less, or a simpler number. */
function* plainer(s: Statement): Generator<Statement> {
  if (s.kind === "raise" && s.interrupt) yield { ...s, interrupt: false };
  if (s.kind === "create") {
    if (s.named) yield { ...s, named: false };
    if (s.eager) yield { ...s, eager: false };
    if (s.group !== null) yield { ...s, group: null };
  }
  if ((s.kind === "cancel" || s.kind === "cancelSelf") && s.message) yield { ...s, message: false };
  if (s.kind === "gather" && s.returnExceptions) yield { ...s, returnExceptions: false };
  if (s.kind === "sleep" && s.delay !== 0) yield { ...s, delay: 0 };
  if (s.kind === "callback" && s.delay !== null) yield { ...s, delay: null };
  if ("timeout" in s && s.timeout !== null) yield { ...s, timeout: null };
  if (s.kind === "settle" && s.how === "error") yield { ...s, how: "result" };
}
