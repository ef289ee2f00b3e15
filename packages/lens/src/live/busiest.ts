/** `turnwise top`: what keeps the loop, and who has waited longest. */
import { tableLines } from "./table.ts";
import type { Snapshot, SnapshotTask, TaskState } from "./snapshot.ts";
import { heading, type Screen } from "./words.ts";

/** Who has the thread comes first, then who wants it. */
const ORDER: Readonly<Record<TaskState, number>> = { running: 0, ready: 1, "not begun": 1, foreign: 2, waiting: 2 };

/** The tasks whose step or wait is longest, under a heading: no more lines than `height`. */
export function formatBusiest(snapshot: Snapshot, screen: Screen = {}, height: number = Infinity): string {
  const head = [...heading(snapshot, screen), ""];
  const tasks = busiest(snapshot.tasks).slice(0, Math.max(0, height - head.length - 1));
  return `${[...head, ...tableLines(tasks, screen)].join("\n")}\n`;
}

/** Running tasks first, then those that are ready, then those that wait: of each, the longest first. */
export function busiest(tasks: readonly SnapshotTask[]): SnapshotTask[] {
  return tasks.toSorted((a, b) => ORDER[a.state] - ORDER[b.state] || b.since - a.since);
}
