/** Tasks that wait for each other in a circle, so that none of them can ever go on. */
import type { Snapshot, SnapshotTask } from "./snapshot.ts";

/** A circle: each of these waits for the next, and the last for the first. */
export type Deadlock = readonly SnapshotTask[];

/**
 * The circles of tasks that wait for each other, one for each knot of them. A task that any of several can free is in
 * a deadlock only if all of those are. A timeout or a cancellation may still end it: nobody sees these coming.
 */
export function deadlocks(snapshot: Snapshot): Deadlock[] {
  const stuck = stuckTasks(snapshot);
  return knots(stuck).map((knot) => shortestCircle(knot, stuck));
}

/** The tasks that can't go on before another of these does. */
function stuckTasks({ tasks }: Snapshot): Map<number, SnapshotTask> {
  const stuck = new Map<number, SnapshotTask>();
  for (const task of tasks) if (task.state === "waiting" && task.needs !== "other") stuck.set(task.id, task);
  const canBeFreed = ({ onTasks, needs }: SnapshotTask): boolean =>
    needs === "any" ? !onTasks.every((id) => stuck.has(id)) : !onTasks.some((id) => stuck.has(id));
  // Whoever is freed may free those who wait for it. A set that is gone through while it grows.
  const toCheck = new Set(stuck.values());
  for (const task of toCheck) {
    toCheck.delete(task);
    if (!canBeFreed(task)) continue;
    stuck.delete(task.id);
    for (const id of task.awaitedBy) {
      const awaiter = stuck.get(id);
      if (awaiter !== undefined) toCheck.add(awaiter);
    }
  }
  return stuck;
}

/** Sets of tasks of which each waits, through others, for each: Tarjan's strongly connected components. */
function knots(stuck: ReadonlyMap<number, SnapshotTask>): SnapshotTask[][] {
  interface Visit {
    readonly task: SnapshotTask;
    readonly order: number;
    lowest: number;
    next: number;
  }
  const visits = new Map<number, Visit>();
  const open: Visit[] = [];
  const isOpen = new Set<Visit>();
  const found: SnapshotTask[][] = [];
  const path: Visit[] = [];
  const enter = (task: SnapshotTask): void => {
    const visit = { task, order: visits.size, lowest: visits.size, next: 0 };
    visits.set(task.id, visit);
    open.push(visit);
    isOpen.add(visit);
    path.push(visit);
  };
  for (const start of stuck.values()) {
    if (!visits.has(start.id)) enter(start);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const id = visit.task.onTasks[visit.next++];
      if (id !== undefined) {
        const on = stuck.get(id);
        const seen = visits.get(id);
        if (on !== undefined && seen === undefined) enter(on);
        else if (seen !== undefined && isOpen.has(seen)) visit.lowest = Math.min(visit.lowest, seen.order);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.lowest = Math.min(parent.lowest, visit.lowest);
      if (visit.lowest < visit.order) continue;
      const knot = open.splice(open.lastIndexOf(visit));
      for (const member of knot) isOpen.delete(member);
      if (knot.length > 1 || visit.task.onTasks.includes(visit.task.id)) found.push(knot.map(({ task }) => task));
    }
  }
  return found;
}

/** A shortest circle through the oldest task of a knot. */
function shortestCircle(knot: readonly SnapshotTask[], stuck: ReadonlyMap<number, SnapshotTask>): SnapshotTask[] {
  const members = new Set(knot);
  const start = knot.reduce((oldest, task) => (Math.abs(task.id) < Math.abs(oldest.id) ? task : oldest));
  const cameFrom = new Map<SnapshotTask, SnapshotTask>();
  const toVisit = new Set([start]);
  for (const task of toVisit) {
    for (const id of task.onTasks) {
      const on = stuck.get(id);
      if (on === start) return circleTo(task, start, cameFrom);
      if (on === undefined || !members.has(on) || toVisit.has(on)) continue;
      cameFrom.set(on, task);
      toVisit.add(on);
    }
  }
  return [...knot];
}

function circleTo(
  last: SnapshotTask,
  start: SnapshotTask,
  cameFrom: ReadonlyMap<SnapshotTask, SnapshotTask>,
): SnapshotTask[] {
  const circle = [last];
  for (let task = last; task !== start;) {
    task = cameFrom.get(task) as SnapshotTask;
    circle.unshift(task);
  }
  return circle;
}
