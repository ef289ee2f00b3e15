/** `turnwise ps`: one line for each task. */
import { deadlocks } from "./deadlocks.ts";
import type { Snapshot, SnapshotTask } from "./snapshot.ts";
import { cutTo, deadlockLines, heading, inName, inPlace, inTime, printable, type Screen } from "./words.ts";

interface Column {
  readonly title: string;
  readonly of: (task: SnapshotTask) => string;
  /** What it may be cut to where the line is too long; by default it is not cut. */
  readonly least?: number;
  readonly alignRight?: true;
}

/** The tasks of a snapshot as a table, under a heading. */
export function formatTable(snapshot: Snapshot, screen: Screen = {}): string {
  const lines = [...heading(snapshot, screen)];
  for (const circle of deadlocks(snapshot)) lines.push(...deadlockLines(circle, screen));
  if (snapshot.tasks.length > 0) lines.push("", ...tableLines(snapshot.tasks, screen));
  return `${lines.join("\n")}\n`;
}

/** The table alone, with its titles. */
export function tableLines(tasks: readonly SnapshotTask[], screen: Screen): string[] {
  const { width = Infinity, paint = (_, text) => text } = screen;
  const columns = columnsFor(tasks, screen);
  const rows = tasks.map((task) => columns.map(({ of }) => of(task)));
  const widths = fit(columns, rows, width);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const size = widths[i] as number;
        const text = cutTo(size, cell);
        return (columns[i] as Column).alignRight ? text.padStart(size) : text.padEnd(size);
      })
      .join("  ")
      .trimEnd();
  return [paint("bold", line(columns.map(({ title }) => title))), ...rows.map(line)];
}

function columnsFor(tasks: readonly SnapshotTask[], { cwd }: Screen): Column[] {
  const columns: Column[] = [
    { title: "ID", of: ({ id }) => String(id), alignRight: true },
    { title: "TASK", of: inName, least: 12 },
    { title: "STATE", of: ({ state, cancelling }) => (cancelling > 0 ? `${state}, cancelling` : state) },
    { title: "WAITS FOR", of: ({ on }) => printable(on), least: 16 },
    { title: "SINCE", of: ({ since }) => inTime(since), alignRight: true },
    { title: "AWAITED BY", of: ({ awaitedBy }) => awaitersInWords(awaitedBy) },
  ];
  const at: Column = { title: "AT", of: (task) => inPlace(task.at, cwd), least: 12 };
  const madeAt: Column = { title: "MADE AT", of: (task) => inPlace(task.madeAt, cwd), least: 12 };
  // Known in debug mode only, but for a task that runs.
  if (tasks.some((task) => task.at !== null)) columns.push(at);
  if (tasks.some((task) => task.madeAt !== null)) columns.push(madeAt);
  return columns;
}

function awaitersInWords(ids: readonly number[]): string {
  return ids.length > 3 ? `${ids.slice(0, 2).join(", ")}, ${ids.length - 2} more` : ids.join(", ");
}

/** Takes from the widest columns that may be cut, until a line fits. */
function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((most, row) => Math.max(most, (row[i] as string).length), title.length),
  );
  const total = (): number => widths.reduce((sum, size) => sum + size + 2, -2);
  for (let over = total() - width; over > 0; over--) {
    let widest = -1;
    for (const [i, { least = Infinity }] of columns.entries()) {
      const size = widths[i] as number;
      if (size > least && (widest < 0 || size > (widths[widest] as number))) widest = i;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return widths;
}
