/** Tasks that differ in nothing but numbers are shown as one: `worker-1…990 × 990`. */
import type { SnapshotTask } from "./snapshot.ts";

const NUMBER = /\d+(?:\.\d+)?/g;

/**
 * A number for each task: the same for those that are alike, but for the figures in their words, and wait for tasks
 * that are alike.
 */
export function kinds(byId: ReadonlyMap<number, SnapshotTask>): Map<number, number> {
  const known = new Map<number, number>();
  const numbers = new Map<string, number>();
  const begun = new Set<number>();
  for (const start of byId.keys()) {
    const path = [start];
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      const task = byId.get(id);
      if (task === undefined || known.has(id)) {
        path.pop();
        continue;
      }
      if (!begun.has(id)) {
        begun.add(id);
        for (const on of task.onTasks) if (!begun.has(on)) path.push(on);
        continue;
      }
      // What is not known now waits for this one, in a circle, or was left out.
      const behind = new Set(task.onTasks.map((on) => known.get(on) ?? -1));
      const own = [task.coro, task.name.replaceAll(NUMBER, "#"), task.state, task.on.replaceAll(NUMBER, "#")];
      const key = JSON.stringify([
        ...own,
        task.cancelling > 0,
        task.at,
        task.madeAt,
        [...behind].toSorted((a, b) => a - b),
      ]);
      const kind = numbers.get(key) ?? numbers.size;
      numbers.set(key, kind);
      known.set(id, kind);
      path.pop();
    }
  }
  return known;
}

/** Puts those of a kind together, in the order in which they first come. */
export function fold(tasks: Iterable<SnapshotTask>, kindOf: ReadonlyMap<number, number>): SnapshotTask[][] {
  return [...Map.groupBy(tasks, ({ id }) => kindOf.get(id)).values()];
}

/** Texts that differ only in their numbers as one: `a sleep, 0.2…3.1 s left`. */
export function ranged(texts: readonly string[]): string {
  const [first = ""] = texts;
  const numbers = texts.map((text) => text.match(NUMBER) ?? []);
  let position = 0;
  return first.replaceAll(NUMBER, () => {
    const here = numbers.map((found) => found[position] ?? "");
    position++;
    const [least, most] = extremes(here);
    return least === most ? least : `${least}…${most}`;
  });
}

function extremes(numbers: readonly string[]): [string, string] {
  let [least = "", most = ""] = [numbers[0], numbers[0]];
  for (const each of numbers) {
    if (Number(each) < Number(least)) least = each;
    if (Number(each) > Number(most)) most = each;
  }
  return [least, most];
}
