/**
 * What a program may do in the first part of a task that is begun eagerly.
 *
 * Until an eager task is done or waits, nothing else runs in asyncio. In JavaScript this is so up to its first `await`.
 * If that waits for something which is not done, the two are the same, and so they are if the function ends before it
 * awaits anything. If it awaits what is done, or another async function that comes to an end without a wait, Python runs
 * on at once, and JavaScript a microtask later: whoever created the task is first. And what a promise can't tell until
 * then is whether the function has ended: `task.done()`, and what `task.cancel()` returns.
 *
 * Nor does `shield` know then whether to give the task itself, as it does with one that is done.
 *
 * So here the first part of an eager task, as far as the text shows, ends at a wait that is certain, or with the
 * function; where there are eager tasks, no program cancels a `gather` that the failure of one may have ended;
 * none asks an eager task whether it is done, none looks at what cancelling it returns, and none keeps a shield of one.
 */
import { operation } from "./operations.ts";
import type { Block, Operand, RandomProgram, Statement } from "./program.ts";
import { statementsIn } from "./program.ts";

/** How a block ends that is the first part of a task: it goes on to what follows; it raises; it waits for certain. */
type End = "goes on" | "raises" | "waits" | "unsure";

/** Where in the first part a statement stands. */
interface Where {
  /** Every task of the program is eager. */
  readonly eager: boolean;
  /** Inside an async function that the first part awaits, or a `try`: an error does not end the task. */
  readonly inside: boolean;
  /** The groups that the first part opened: they are not shutting down yet. */
  readonly groups: readonly number[];
}

/** How a function with this body ends its first part, where the text decides it. */
export function endOfFirstPart(block: Block, eager: boolean): End {
  return endOfBlock(block, { eager, inside: false, groups: [] });
}

/** The same block, with a `wait` before the first statement that nobody is sure about. */
export function madeSure(block: Block, eager: boolean, wait: () => Statement): Block {
  if (endOfFirstPart(block, eager) !== "unsure") return block;
  const at = block.findIndex((statement) => endOf(statement, { eager, inside: false, groups: [] }) === "unsure");
  return block.toSpliced(at, 0, wait());
}

function endOfBlock(block: Block, where: Where): End {
  for (const statement of block) {
    const end = endOf(statement, where);
    if (end !== "goes on") return end;
  }
  return "goes on";
}

function endOf(s: Statement, where: Where): End {
  const { eager } = where;
  switch (s.kind) {
    case "sleep":
    case "awaitOpen":
    case "wait":
    case "asCompleted":
      return "waits";
    case "raise":
      return where.inside || s.interrupt ? "unsure" : "raises";
    case "await":
      return s.operand.kind === "coroutine" ? inFunction(s.operand.body, where) : "unsure";
    case "gather":
      // One that is done already, with an error, may be the end of it.
      if (eager || !s.operands.some(isCoroutine)) return "unsure";
      return s.returnExceptions || s.operands.every(isCoroutine) ? "waits" : "unsure";
    case "shield":
      return !eager && isCoroutine(s.operand) ? "waits" : "unsure";
    case "waitFor":
      if (s.operand.kind !== "coroutine") return "unsure";
      if (s.timeout === null || s.timeout > 0) return inFunction(s.operand.body, where);
      return eager ? "unsure" : "waits";
    case "timeout":
      return inFunction(s.body, where);
    case "group":
      return inFunction(s.body, { ...where, groups: [...where.groups, s.id] });
    case "repeat":
      return endOfBlock(s.body, where);
    case "try": {
      const end = endOfBlock(s.body, { ...where, inside: true });
      return end === "goes on" ? endOfBlock(s.last, where) : end;
    }
    case "create":
      // A group that is shutting down takes no more.
      return s.group === null || !where.inside || where.groups.includes(s.group) ? "goes on" : "unsure";
    case "keep":
      return "goes on";
    case "operation":
      return operation(s.name).waits ? "unsure" : "goes on";
    case "with":
      return "unsure";
    case "cancel":
    case "cancelSelf":
    case "uncancel":
    case "settle":
    case "callback":
    case "cancelHandle":
    case "doneCallback":
    case "state":
    case "reschedule":
    case "scope":
    case "cancelKept":
    case "uncancelTask":
      return "goes on";
  }
}

/** If an async function inside the first part ends without a wait, whoever awaits it does not go on at once. */
function inFunction(block: Block, where: Where): End {
  return endOfBlock(block, { ...where, inside: true }) === "waits" ? "waits" : "unsure";
}

function isCoroutine(operand: Operand): boolean {
  return operand.kind === "coroutine";
}

/** The slots of a program that hold eager tasks. */
export function eagerSlots({ setup, body }: Pick<RandomProgram, "setup" | "body">): Set<number> {
  const slots = new Set<number>();
  for (const statement of statementsIn(body)) {
    if (statement.kind === "create" && (statement.eager || setup.eager)) slots.add(statement.slot);
  }
  return slots;
}

/** Whether the first part of each eager task ends as it must, and nobody asks what can't be known. */
export function isSure({ setup, body }: Pick<RandomProgram, "setup" | "body">): boolean {
  const slots = eagerSlots({ setup, body });
  const gathers = new Set<number>();
  for (const statement of statementsIn(body)) {
    if (statement.kind === "create" && slots.has(statement.slot) && !endsWell(statement.body, setup.eager))
      return false;
    if (setup.eager && coroutinesThatAreTasks(statement).some((one) => !endsWell(one, true))) return false;
    if (statement.kind === "cancel" && !statement.silent && slots.has(statement.slot)) return false;
    if (statement.kind === "state" && slots.has(statement.slot)) return false;
    if (statement.kind === "keep" && statement.how === "shield" && (setup.eager || slots.size > 0)) return false;
    if (statement.kind === "uncancelTask" && slots.has(statement.slot)) return false;
    if (statement.kind === "keep" && statement.how === "gather") gathers.add(statement.id);
    if (statement.kind === "cancelKept" && (setup.eager || slots.size > 0)) {
      if (!statement.silent || gathers.has(statement.made)) return false;
    }
    if (statement.kind === "awaitOpen" && statement.operand.kind === "task" && slots.has(statement.operand.slot)) {
      return false;
    }
  }
  return true;
}

function endsWell(block: Block, eager: boolean): boolean {
  return endOfFirstPart(block, eager) !== "unsure";
}

/** The bodies of the coroutines that a statement makes tasks of: which are eager, if all tasks are. */
function coroutinesThatAreTasks(s: Statement): Block[] {
  const operands =
    s.kind === "gather" || s.kind === "asCompleted" || s.kind === "keep"
      ? s.operands
      : s.kind === "shield" || (s.kind === "waitFor" && s.timeout !== null && s.timeout <= 0)
        ? [s.operand]
        : [];
  return operands.flatMap((one) => (one.kind === "coroutine" ? [one.body] : []));
}
