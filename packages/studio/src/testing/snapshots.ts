/** Snapshots by hand, for the tests of the task tree. */
import type { Snapshot, SnapshotTask } from "../../../lens/src/live/snapshot.ts";

export function liveTask(id: number, name: string, fields: Partial<SnapshotTask> = {}): SnapshotTask {
  return {
    id,
    loop: 0,
    name,
    coro: "",
    state: "waiting",
    on: fields.onTasks === undefined ? "a sleep, 1.0 s left" : `${fields.onTasks.length} tasks`,
    onTasks: [],
    needs: fields.onTasks === undefined ? "other" : "all",
    awaitedBy: [],
    since: 1.5,
    madeAt: null,
    at: null,
    cancelling: 0,
    ...fields,
  };
}

/** A snapshot of these tasks; `awaitedBy` follows from `onTasks`. */
export function snapshotOf(tasks: readonly SnapshotTask[]): Snapshot {
  const awaitedBy = new Map<number, number[]>();
  for (const { id, onTasks } of tasks) for (const on of onTasks) awaitedBy.set(on, [...(awaitedBy.get(on) ?? []), id]);
  const states = { running: 0, ready: 0, waiting: 0, foreign: 0, "not begun": 0 };
  for (const { state } of tasks) states[state]++;
  return {
    format: "turnwise-snapshot",
    version: 1,
    process: { pid: 4711, node: "26.10.0", argv: ["node", "server.ts"], uptime: 3725 },
    turnwise: true,
    at: null,
    atFunction: "",
    loops: [{ tasks: tasks.length, states, lastLook: 0.2, debug: false }],
    tasks: tasks.map((task) => ({ ...task, awaitedBy: awaitedBy.get(task.id) ?? [] })),
    leftOut: { tasks: 0, onTasks: 0 },
  };
}
