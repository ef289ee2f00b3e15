/** Which shared objects and helpers a program needs, so that a shrunk one declares no more. */
import { type RandomProgram, operandsOf, statementsIn } from "./program.ts";

export type Use =
  | "futures"
  | "handles"
  | "asked"
  | "kept"
  | "tasks"
  | "task"
  | "label"
  | "attempt"
  | "outcome"
  | "lock"
  | "sem"
  | "event"
  | "cond"
  | "barrier"
  | "queue"
  | "mark";

const OBJECTS = ["lock", "sem", "event", "cond", "barrier", "queue", "mark"] as const;

export function usesOf(program: RandomProgram): Set<Use> {
  const uses = new Set<Use>();
  for (const statement of statementsIn(program.body)) {
    const { kind } = statement;
    if (kind === "settle") uses.add("futures").add("attempt");
    if (kind === "callback" || kind === "cancelHandle") uses.add("handles");
    if (kind === "create") uses.add("tasks");
    if (kind === "cancel" || kind === "state") uses.add("tasks").add("task");
    if ((kind === "cancel" && !statement.silent) || kind === "state") uses.add("attempt");
    if (["cancelSelf", "uncancel", "reschedule", "scope"].includes(kind)) uses.add("attempt");
    if (kind === "uncancelTask") uses.add("tasks").add("attempt");
    if (kind === "keep" || kind === "cancelKept") uses.add("kept");
    if (kind === "cancelKept") uses.add("task").add("tasks").add("attempt");
    if (kind === "wait" || kind === "asCompleted") uses.add("label");
    if (kind === "asCompleted" || kind === "doneCallback") uses.add("outcome");
    if (kind === "with") uses.add(statement.holds);
    if (kind === "operation") {
      uses.add("attempt");
      if (statement.name === "condWaitFor") uses.add("asked");
      for (const object of OBJECTS) if (statement.name.startsWith(object)) uses.add(object);
    }
    for (const operand of operandsOf(statement)) {
      if (operand.kind === "future") uses.add("futures");
      if (operand.kind === "kept") uses.add("kept").add("tasks").add("task");
      if (operand.kind === "task") uses.add("tasks").add("task");
    }
  }
  return uses;
}
