/**
 * A random program as data: what both emitters render and what the shrinker cuts.
 *
 * Tasks live in numbered slots. Code that belongs to slot n awaits only slots above n, so tasks never wait for each
 * other in a circle (asyncio would recurse without end when one of them is cancelled). Slot 0 is the main task.
 */
import { operation, type OperationName } from "./operations.ts";

export interface RandomProgram {
  seed: number;
  setup: Setup;
  body: Block;
}

/** The shared objects of a program; the emitters declare those that are used. */
export interface Setup {
  /** The loop's task factory begins every task eagerly. */
  eager: boolean;
  futures: number;
  semaphore: "Semaphore" | "BoundedSemaphore";
  slots: number;
  parties: number;
  queue: "Queue" | "PriorityQueue" | "LifoQueue";
  maxsize: number;
}

export type Block = Statement[];

/** What can be awaited. `coroutine` is an async function with a body of its own, `levels` calls deep. */
export type Operand =
  | { kind: "future"; future: number }
  | { kind: "task"; slot: number }
  /** The future that the statement `made` keeps. */
  | { kind: "kept"; made: number }
  | { kind: "coroutine"; id: number; levels: number; body: Block };

interface Numbered {
  /** Unique in the program; stands in the log. */
  id: number;
}

export type Statement = Numbered & StatementBody;

export type StatementBody =
  // These wait.
  | { kind: "sleep"; delay: number }
  | { kind: "await"; operand: Operand }
  /** Waits for certain: a turn, if the operand is done. */
  | { kind: "awaitOpen"; operand: Operand }
  | { kind: "gather"; operands: Operand[]; returnExceptions: boolean }
  | { kind: "wait"; operands: Operand[]; timeout: number | null; until: WaitUntil }
  /** `first`: goes no further than the first. */
  | { kind: "asCompleted"; operands: Operand[]; timeout: number | null; first: boolean }
  | { kind: "waitFor"; operand: Operand; timeout: number | null }
  | { kind: "shield"; operand: Operand }
  // These hold statements.
  | { kind: "try"; body: Block; catches: Catches; handler: Block; again: boolean; last: Block }
  | { kind: "timeout"; delay: number | null; body: Block }
  | { kind: "group"; body: Block }
  | { kind: "with"; holds: "lock" | "sem" | "cond"; body: Block }
  | { kind: "repeat"; times: number; body: Block }
  // These may stand in a plain callback, too.
  /** Makes a future, and keeps it. */
  | { kind: "keep"; how: "gather" | "gatherAll" | "shield"; operands: Operand[] }
  | { kind: "cancelKept"; made: number; silent: boolean }
  | { kind: "uncancelTask"; slot: number }
  | { kind: "scope"; scope: number }
  | { kind: "create"; slot: number; named: boolean; eager: boolean; group: number | null; body: Block }
  /** `silent`: without the result. */
  | { kind: "cancel"; slot: number; message: boolean; silent: boolean }
  | { kind: "cancelSelf"; message: boolean }
  | { kind: "uncancel" }
  | { kind: "settle"; future: number; how: "result" | "error" | "cancel" }
  | { kind: "callback"; delay: number | null; body: Block }
  | { kind: "cancelHandle"; handle: number }
  | { kind: "doneCallback"; operand: Operand; body: Block }
  | { kind: "state"; slot: number }
  /** `interrupt`: a KeyboardInterrupt, which ends the run. */
  | { kind: "raise"; interrupt: boolean }
  | { kind: "reschedule"; scope: number; delay: number | null }
  // Either, as operations.ts says.
  | { kind: "operation"; name: OperationName };

export type WaitUntil = "FIRST_COMPLETED" | "FIRST_EXCEPTION" | "ALL_COMPLETED";

/** What the handler of a `try` catches; null where it has only a `finally`. */
export type Catches = "errors" | "cancelled" | "all" | null;

/** The blocks right inside a statement. */
export function blocksOf(statement: Statement): Block[] {
  const blocks: Block[] = [];
  if ("body" in statement) blocks.push(statement.body);
  if (statement.kind === "try") blocks.push(statement.handler, statement.last);
  for (const operand of operandsOf(statement)) if (operand.kind === "coroutine") blocks.push(operand.body);
  return blocks;
}

export function operandsOf(statement: Statement): Operand[] {
  if ("operands" in statement) return statement.operands;
  return "operand" in statement ? [statement.operand] : [];
}

/** Every statement of a block and of the blocks within, outermost first. */
export function* statementsIn(block: Block): Generator<Statement> {
  for (const statement of block) {
    yield statement;
    for (const inner of blocksOf(statement)) yield* statementsIn(inner);
  }
}

/** Whether a statement awaits, or needs a current task: then it can't stand in a plain callback. */
export function needsTask(statement: Statement): boolean {
  if (statement.kind === "operation") return operation(statement.name).waits;
  return TASK_ONLY.has(statement.kind);
}

const TASK_ONLY: ReadonlySet<Statement["kind"]> = new Set([
  "sleep",
  "await",
  "awaitOpen",
  "gather",
  "wait",
  "asCompleted",
  "waitFor",
  "shield",
  "timeout",
  "group",
  "with",
  "repeat",
  "cancelSelf",
  "uncancel",
] as const);

/**
 * Whether each group and timeout that a statement names is around it, and nothing awaits in a plain callback: cutting
 * may take the one away and bring the other about.
 */
export function isWellFormed(block: Block, around: readonly number[] = [], inCallback = false): boolean {
  return block.every((statement) => {
    if (inCallback && needsTask(statement)) return false;
    if (statement.kind === "create" && statement.group !== null && !around.includes(statement.group)) return false;
    if ((statement.kind === "reschedule" || statement.kind === "scope") && !around.includes(statement.scope))
      return false;
    const opens = statement.kind === "group" || statement.kind === "timeout";
    const inside = opens ? [...around, statement.id] : around;
    const isCallback = statement.kind === "callback" || statement.kind === "doneCallback";
    const called = isCallback || (inCallback && statement.kind !== "create");
    return blocksOf(statement).every((inner) => isWellFormed(inner, inside, called));
  });
}
