/**
 * The rows of the task tree: at the top the tasks that no task waits for, beneath each those that it waits for. Tasks that
 * are alike are one row, which can be opened.
 */
import { fold, kinds, ranged } from "../../../../lens/src/live/folding.ts";
import type { Snapshot, SnapshotTask, TaskState } from "../../../../lens/src/live/snapshot.ts";

export interface TaskRow {
  /** The same from snapshot to snapshot, as far as that can be. */
  readonly key: string;
  /** From 0. */
  readonly depth: number;
  /** One, or several that are alike. */
  readonly tasks: readonly SnapshotTask[];
  readonly name: string;
  /** Null if there is nothing beneath it. */
  readonly isOpen: boolean | null;
  /** The task has a row with what is beneath it further up. */
  readonly isAbove: boolean;
  /** Whether the filter means it, and not only something beneath it. */
  readonly isMatch: boolean;
}

export interface TaskFilter {
  /** In the name, the function, or what is waited for; empty for all. */
  readonly text: string;
  readonly state: TaskState | "any";
}

export const NO_FILTER: TaskFilter = { text: "", state: "any" };

/** More are not drawn. */
export const MOST_ROWS = 500;

export interface TaskRows {
  readonly rows: readonly TaskRow[];
  /** How many tasks the filter means. */
  readonly matches: number;
  /** Whether there would be more than `MOST_ROWS`. */
  readonly isCut: boolean;
}

/** `toggled` has the keys of the rows that are not as they are at first: tasks open, rows of several closed. */
export function taskRows(snapshot: Snapshot, filter: TaskFilter, toggled: ReadonlySet<string>): TaskRows {
  const builder = new Builder(snapshot.tasks, filter, toggled);
  const rows = builder.build();
  return { rows: rows.slice(0, MOST_ROWS), matches: builder.matches.size, isCut: rows.length > MOST_ROWS };
}

class Builder {
  readonly matches: ReadonlySet<SnapshotTask>;
  /** Those that match, and those that wait for them. */
  readonly #kept: readonly SnapshotTask[];
  readonly #byId: ReadonlyMap<number, SnapshotTask>;
  readonly #kinds: ReadonlyMap<number, number>;
  readonly #toggled: ReadonlySet<string>;
  readonly #shown = new Set<SnapshotTask>();
  readonly #rows: TaskRow[] = [];

  constructor(tasks: readonly SnapshotTask[], filter: TaskFilter, toggled: ReadonlySet<string>) {
    const all = new Map(tasks.map((task) => [task.id, task]));
    this.matches = new Set(tasks.filter((task) => isMeant(task, filter)));
    // A set that is gone through while it grows.
    const kept = new Set(this.matches);
    for (const { awaitedBy } of kept) {
      for (const id of awaitedBy) {
        const awaiter = all.get(id);
        if (awaiter !== undefined) kept.add(awaiter);
      }
    }
    this.#kept = tasks.filter((task) => kept.has(task));
    this.#byId = new Map(this.#kept.map((task) => [task.id, task]));
    this.#kinds = kinds(this.#byId);
    this.#toggled = toggled;
  }

  build(): readonly TaskRow[] {
    this.#addAll(this.#tops(), 0, "");
    return this.#rows;
  }

  /** Those that no task waits for; and of each circle that hangs from none, one. */
  #tops(): SnapshotTask[] {
    const tops = this.#kept.filter(({ awaitedBy }) => !awaitedBy.some((id) => this.#byId.has(id)));
    const reached = new Set<SnapshotTask>();
    const reach = (top: SnapshotTask): void => {
      const found = new Set([top]);
      for (const task of found) {
        reached.add(task);
        for (const child of this.#childrenOf(task)) if (!reached.has(child)) found.add(child);
      }
    };
    for (const top of tops) reach(top);
    for (const task of this.#kept) {
      if (reached.has(task)) continue;
      tops.push(task);
      reach(task);
    }
    return tops;
  }

  #childrenOf({ onTasks }: SnapshotTask): SnapshotTask[] {
    return onTasks.flatMap((id) => this.#byId.get(id) ?? []);
  }

  #addAll(tasks: readonly SnapshotTask[], depth: number, parent: string): void {
    const taken = new Map<string, number>();
    for (const alike of fold(tasks, this.#kinds)) {
      if (this.#rows.length > MOST_ROWS) return;
      if (alike.length === 1) {
        this.#addTask(alike[0]!, depth, parent);
        continue;
      }
      const pattern = `${parent}/${alike[0]!.coro}:${alike[0]!.name.replaceAll(/\d+/g, "#")}`;
      const count = taken.get(pattern) ?? 0;
      taken.set(pattern, count + 1);
      this.#addAlike(alike, depth, `${pattern}:${count}`);
    }
  }

  #addAlike(tasks: readonly SnapshotTask[], depth: number, key: string): void {
    const isOpen = this.#toggled.has(key);
    this.#rows.push({
      key,
      depth,
      tasks,
      name: `${ranged(tasks.map(nameOf))} × ${tasks.length.toLocaleString("en-GB")}`,
      isOpen,
      isAbove: false,
      isMatch: tasks.some((task) => this.matches.has(task)),
    });
    if (!isOpen) return;
    for (const task of tasks) {
      if (this.#rows.length > MOST_ROWS) return;
      this.#addTask(task, depth + 1, key);
    }
  }

  #addTask(task: SnapshotTask, depth: number, parent: string): void {
    const key = `${parent}/${task.id}`;
    const isAbove = this.#shown.has(task);
    this.#shown.add(task);
    const children = isAbove ? [] : this.#childrenOf(task);
    const isOpen = children.length === 0 ? null : !this.#toggled.has(key);
    const isMatch = this.matches.has(task);
    this.#rows.push({ key, depth, tasks: [task], name: nameOf(task), isOpen, isAbove, isMatch });
    if (isOpen === true) this.#addAll(children, depth + 1, key);
  }
}

function isMeant({ name, coro, on, state }: SnapshotTask, filter: TaskFilter): boolean {
  if (filter.state !== "any" && state !== filter.state) return false;
  const wanted = filter.text.trim().toLowerCase();
  return wanted === "" || `${name}\n${coro}\n${on}`.toLowerCase().includes(wanted);
}

/** The name, and the function where that says more. */
export function nameOf({ name, coro }: SnapshotTask): string {
  return coro === "" || coro === name ? name : `${name} ${coro}`;
}

/** What tasks that are alike do. */
export function doing(tasks: readonly SnapshotTask[]): string {
  const [{ state, cancelling }] = tasks as readonly [SnapshotTask];
  const words = {
    running: "runs",
    ready: "ready to run",
    waiting: "waits for ",
    foreign: "waits for ",
    "not begun": "not begun",
  }[state];
  const on = state === "waiting" || state === "foreign" ? ranged(tasks.map((task) => task.on)) : "";
  return `${words}${on}${cancelling > 0 ? ", is to be cancelled" : ""}`;
}
