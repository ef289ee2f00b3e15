/** TW005: a deadlock. */
import type { Warning } from "../../summary.ts";
import type { Trace, TraceTask } from "../../trace.ts";
import { counted, inOneLine } from "../figures.ts";
import { nameOf, tasksById } from "../steps.ts";
import { folded } from "./pending.ts";

/** Node's exit code of a program whose top level waits for something that nothing can bring about any more. */
const UNSETTLED = 13;
/** So many links of a circle are spelled out. */
const LINKS = 6;

export interface Deadlocks {
  readonly warnings: readonly Warning[];
  /** The tasks in them, and those that wait for such a task. */
  readonly tasks: ReadonlySet<number>;
}

/**
 * The rules: pending tasks that wait for each other in a circle; or a program that ended although its top level still
 * waited, or by a signal when there was nothing besides its tasks, while each of these waits for something that only
 * another task could give.
 */
export function deadlocks(trace: Trace): Deadlocks {
  const tasks = tasksById(trace);
  const stuck = trace.tasks.filter(isStuck);
  const circles = circlesAmong(stuck, tasks);
  const inCircles = new Set(circles.flatMap((circle) => circle.map(({ id }) => id)));
  const affected = waitersOf(inCircles, stuck);
  const { exitCode, nothingElse } = trace.program;
  // Ctrl-C ends what waits, in one way or another.
  const pending = trace.tasks.filter(({ outcome, waitsFor }) => outcome === "pending" || waitsFor !== null);
  const warnings = circles.map((circle) => circleWarning(circle, affected.size - inCircles.size));
  if (warnings.length > 0 || pending.length === 0 || (exitCode !== UNSETTLED && nothingElse !== true)) {
    return { warnings, tasks: affected };
  }
  if (!pending.every(waitsForOthers)) return { warnings, tasks: affected };
  return {
    warnings: [
      warningAbout(
        pending,
        `every task waits, and nothing is left that could wake one: ${folded(pending)}`,
        "let somebody release, set, put or settle what they wait for, on every path, errors included; or wait no longer " +
          "than a `timeout`",
      ),
    ],
    tasks: new Set(pending.map(({ id }) => id)),
  };
}

function circleWarning(circle: readonly TraceTask[], others: number): Warning {
  const links = circle.slice(0, LINKS).map((task, index) => {
    const next = circle[(index + 1) % circle.length]!;
    const what = inOneLine(task.waitsFor ?? `the task ${nameOf(next)}`);
    return `${nameOf(task)} waits for ${what}${what.includes(next.name) ? "" : `, which is up to ${nameOf(next)}`}`;
  });
  if (circle.length > LINKS) links.push(`and so on, ${circle.length - LINKS} more, back to ${nameOf(circle[0]!)}`);
  const more = others > 0 ? `; ${counted(others, "more task waits", "more tasks wait")} for them` : "";
  const isLock = circle.some(({ waitsFor }) => waitsFor?.startsWith("<") === true);
  return warningAbout(
    circle,
    links.join("; ") + more,
    isLock
      ? "take locks in the same order everywhere, or hold one at a time; don't wait for a task while holding what it needs"
      : "a task can't wait for one that waits for it: let one of them go on without the other",
  );
}

function warningAbout(tasks: readonly TraceTask[], message: string, remedy: string): Warning {
  return {
    code: "TW005",
    title: "a deadlock",
    message,
    remedy,
    at: tasks.find(({ madeAt }) => madeAt !== null)?.madeAt ?? null,
    tasks: tasks.map(({ id }) => id),
  };
}

/** One circle for each knot of tasks that wait for each other. */
function circlesAmong(pending: readonly TraceTask[], tasks: ReadonlyMap<number, TraceTask>): TraceTask[][] {
  const circles: TraceTask[][] = [];
  const seen = new Set<number>();
  const used = new Set<number>();
  for (const start of pending) {
    if (seen.has(start.id)) continue;
    // Depth first, without recursion: chains of tasks may be long.
    const path: { task: TraceTask; next: number }[] = [{ task: start, next: 0 }];
    const places = new Map<number, number>([[start.id, 0]]);
    seen.add(start.id);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const id = top.task.waitsForTasks[top.next++];
      if (id === undefined) {
        places.delete(top.task.id);
        path.pop();
        continue;
      }
      const place = places.get(id);
      const task = tasks.get(id);
      if (place !== undefined) {
        const circle = path.slice(place).map((entry) => entry.task);
        if (circle.some((member) => used.has(member.id))) continue;
        for (const member of circle) used.add(member.id);
        circles.push(circle);
      } else if (task !== undefined && isStuck(task) && !seen.has(id)) {
        seen.add(id);
        places.set(id, path.length);
        path.push({ task, next: 0 });
      }
    }
  }
  return circles;
}

/** These tasks and all that wait for one of them. */
function waitersOf(ids: ReadonlySet<number>, pending: readonly TraceTask[]): Set<number> {
  const waiters = new Map<number, number[]>();
  for (const { id, waitsForTasks } of pending) {
    for (const other of waitsForTasks) {
      const list = waiters.get(other);
      if (list === undefined) waiters.set(other, [id]);
      else list.push(id);
    }
  }
  const all = new Set(ids);
  for (const id of all) for (const waiter of waiters.get(id) ?? []) all.add(waiter); // Grows while it is walked.
  return all;
}

/** It waits at the end, or waited when Ctrl-C put an end to it. */
function isStuck({ outcome, waitsFor }: TraceTask): boolean {
  return outcome === "pending" || (outcome === "cancelled" && waitsFor !== null);
}

/** Not for a time, its turn, or something outside. */
function waitsForOthers({ waitsFor }: TraceTask): boolean {
  return waitsFor !== null && !/^nothing|sleep|timer|timeout|its next turn|not Turnwise's|outside/.test(waitsFor);
}
