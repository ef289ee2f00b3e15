/** TW004: tasks were still pending when the process ended. */
import type { Warning } from "../../summary.ts";
import type { Trace, TraceTask } from "../../trace.ts";
import { counted, inOneLine } from "../figures.ts";
import { nameOf } from "../steps.ts";

/** So many kinds of pending tasks are told apart in the message. */
const KINDS = 4;

/** @param explained - tasks that another warning is about. */
export function pendingAtExit(trace: Trace, explained: ReadonlySet<number>): Warning[] {
  if (trace.program.exitCode === null) return []; // It runs, or was killed: nothing was left behind.
  const pending = trace.tasks.filter(
    // Whose code ended the process is not left behind by it.
    ({ id, outcome, waitsFor }) =>
      outcome === "pending" && waitsFor?.startsWith("nothing") !== true && !explained.has(id),
  );
  if (pending.length === 0) return [];
  return [
    {
      code: "TW004",
      title: "tasks were pending at exit",
      message: `${counted(pending.length, "task")} ${pending.length === 1 ? "was" : "were"} still pending when the process ended: ${folded(pending)}`,
      remedy:
        "await them, or cancel them and await that, before the program ends; in a `taskGroup` no task outlives its block",
      at: pending.find(({ madeAt }) => madeAt !== null)?.madeAt ?? null,
      tasks: pending.map(({ id }) => id),
    },
  ];
}

/** "worker × 3 wait for <Queue maxsize=0>; main waits for the task A". */
export function folded(tasks: readonly TraceTask[]): string {
  const kinds = [...Map.groupBy(tasks, kindOf).values()].sort((a, b) => b.length - a.length);
  const texts = kinds.slice(0, KINDS).map((kind) => {
    const first = kind[0]!;
    if (kind.length === 1) return `${nameOf(first)} ${waits(first, true)}`;
    return `${first.coro === "" ? first.name.replace(/[-_ ]?\d+$/, "") : first.coro} × ${kind.length} ${waits(first, false)}`;
  });
  const rest = kinds.slice(KINDS).reduce((sum, kind) => sum + kind.length, 0);
  if (rest > 0) texts.push(`and ${rest} more`);
  return texts.join("; ");
}

/** Tasks of one function that wait for the same sort of thing: figures aside. */
function kindOf({ coro, name, waitsFor }: TraceTask): string {
  const sort = waitsFor === null ? null : waitsFor.replace(/\d+(\.\d+)?/g, "#");
  return JSON.stringify([coro === "" ? name.replace(/\d+$/, "") : coro, sort]);
}

function waits({ waitsFor }: TraceTask, isOne: boolean): string {
  if (waitsFor === null) return "had not begun to wait";
  return `${isOne ? "waits" : "wait"} for ${inOneLine(waitsFor)}`;
}
