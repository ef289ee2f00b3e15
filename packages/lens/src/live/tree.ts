/** `turnwise pstree`: who waits for whom. */
import { deadlocks } from "./deadlocks.ts";
import { fold, kinds, ranged } from "./folding.ts";
import type { Snapshot, SnapshotTask } from "./snapshot.ts";
import { cutTo, deadlockLines, heading, inName, inPlace, inTime, printable, type Screen } from "./words.ts";

/**
 * The tasks of a snapshot as a tree, under a heading. At the top are the tasks that no task waits for; beneath each are
 * those that it waits for. Tasks that are alike are one line. A task that several wait for is shown with all that is
 * beneath it once, and then as "above".
 */
export function formatTree(snapshot: Snapshot, screen: Screen = {}): string {
  const lines = [...heading(snapshot, screen)];
  for (const circle of deadlocks(snapshot)) lines.push(...deadlockLines(circle, screen));
  if (snapshot.tasks.length > 0) lines.push("", ...new Tree(snapshot, screen).lines);
  return `${lines.join("\n")}\n`;
}

/** Tasks that are alike, and how their line begins. */
interface Branch {
  readonly tasks: readonly SnapshotTask[];
  readonly indent: string;
  readonly depth: number;
  /** Null at the top. */
  readonly place: "middle" | "last" | null;
}

/** Below this depth lines move no further to the right; they tell their depth in figures. */
const DEEPEST = 24;

class Tree {
  readonly lines: string[] = [];
  readonly #screen: Screen;
  readonly #byId: ReadonlyMap<number, SnapshotTask>;
  readonly #kinds: ReadonlyMap<number, number>;
  readonly #shown = new Set<SnapshotTask>();

  constructor({ tasks }: Snapshot, screen: Screen) {
    this.#screen = screen;
    this.#byId = new Map(tasks.map((task) => [task.id, task]));
    this.#kinds = kinds(this.#byId);
    const roots = tasks.filter(({ awaitedBy }) => awaitedBy.length === 0);
    for (const root of fold(roots, this.#kinds)) this.#show({ tasks: root, indent: "", depth: 0, place: null });
    // A circle has no top: it hangs from whichever comes first.
    for (const task of tasks)
      if (!this.#shown.has(task)) this.#show({ tasks: [task], indent: "", depth: 0, place: null });
  }

  #show(top: Branch): void {
    const todo = [top];
    for (let branch = todo.pop(); branch !== undefined; branch = todo.pop()) {
      const { tasks, indent, depth, place } = branch;
      const fresh = tasks.filter((task) => !this.#shown.has(task));
      const above = tasks.filter((task) => this.#shown.has(task));
      const lead = depth > DEEPEST ? `${indent}(${depth}) ` : indent;
      if (above.length > 0) this.#line(above, lead, fresh.length > 0 && place === "last" ? "middle" : place, true);
      if (fresh.length === 0) continue;
      this.#line(fresh, lead, place, false);
      for (const task of fresh) this.#shown.add(task);
      const isSame = place === null || depth >= DEEPEST;
      const below = isSame ? indent : `${indent}${place === "last" ? "   " : "│  "}`;
      const children = fold(this.#childrenOf(fresh), this.#kinds);
      const branches = children.map((each, i): Branch => ({
        tasks: each,
        indent: below,
        depth: depth + 1,
        place: i === children.length - 1 ? "last" : "middle",
      }));
      todo.push(...branches.toReversed());
    }
  }

  #childrenOf(tasks: readonly SnapshotTask[]): Set<SnapshotTask> {
    const children = new Set<SnapshotTask>();
    for (const { onTasks } of tasks) {
      for (const id of onTasks) {
        const child = this.#byId.get(id);
        if (child !== undefined) children.add(child);
      }
    }
    return children;
  }

  #line(tasks: readonly SnapshotTask[], indent: string, place: Branch["place"], isAbove: boolean): void {
    const { paint = (_, text) => text, width = Infinity, cwd } = this.#screen;
    const [first] = tasks as [SnapshotTask];
    const lead = `${indent}${place === null ? "" : place === "last" ? "└─ " : "├─ "}`;
    const name = `${ranged(tasks.map(inName))}${tasks.length > 1 ? ` × ${tasks.length}` : ""}`;
    const site = first.at === null ? (first.madeAt === null ? "" : ", made at ") : " at ";
    const doing = isAbove
      ? "  (above)"
      : `  ${stateInWords(tasks)}${site}${inPlace(first.at ?? first.madeAt, cwd)}, ${timeInWords(tasks)}`;
    const room = Math.max(0, width - lead.length);
    const shownName = cutTo(room, name);
    const style = first.state === "running" ? (["bold", "green"] as const) : "bold";
    this.lines.push(lead + paint(style, shownName) + cutTo(Math.max(0, room - shownName.length), doing));
  }
}

function stateInWords(tasks: readonly SnapshotTask[]): string {
  const [{ state, cancelling }] = tasks as [SnapshotTask];
  const on = tasks.map((task) => printable(task.on));
  const words = {
    running: () => "runs",
    ready: () => "ready to run",
    waiting: () => `waits for ${ranged(on)}`,
    foreign: () => `waits for ${ranged(on)}`,
    "not begun": () => "not begun",
  }[state]();
  return cancelling > 0 ? `${words}, is to be cancelled` : words;
}

function timeInWords(tasks: readonly SnapshotTask[]): string {
  let [least, most] = [Infinity, 0];
  for (const { since } of tasks) {
    least = Math.min(least, since);
    most = Math.max(most, since);
  }
  const [from, to] = [inTime(least), inTime(most)];
  return from === to ? to : `${from} to ${to}`;
}
