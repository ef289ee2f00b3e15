/** Snapshots made by hand. */
import type { Snapshot, SnapshotTask } from "../snapshot.ts";

/** What is not said of a task is as of one that waits for nothing known. */
export type TaskSketch = Partial<SnapshotTask> & { readonly id: number };

/** A snapshot of these tasks. */
export function snapshot(...tasks: TaskSketch[]): Snapshot {
  return snapshotOfAll(tasks);
}

/** The same, of any number. */
export function snapshotOfAll(tasks: readonly TaskSketch[]): Snapshot {
  const awaitedBy = Map.groupBy(
    tasks.flatMap(({ id, onTasks = [] }) => onTasks.map((on) => ({ on, id }))),
    ({ on }) => on,
  );
  const states = { running: 0, ready: 0, waiting: 0, foreign: 0, "not begun": 0 };
  const all = tasks.map((task): SnapshotTask => {
    const { id, onTasks = [] } = task;
    states[task.state ?? "waiting"]++;
    return {
      loop: 0,
      name: `Task-${id}`,
      coro: "",
      state: "waiting",
      on: onTasks.length === 0 ? "a future" : "the others",
      onTasks,
      needs: onTasks.length === 0 ? "other" : "all",
      awaitedBy: awaitedBy.get(id)?.map((wait) => wait.id) ?? [],
      since: 1,
      madeAt: null,
      at: null,
      cancelling: 0,
      ...task,
    };
  });
  return {
    format: "turnwise-snapshot",
    version: 1,
    process: { pid: 123, node: "v24.0.0", argv: ["/usr/bin/node", "/home/me/app.ts"], uptime: 75 },
    turnwise: true,
    at: null,
    atFunction: "",
    loops: [{ tasks: all.length, states, lastLook: 0, debug: false }],
    tasks: all,
    leftOut: { tasks: 0, onTasks: 0 },
  };
}
