/** The moment that is shown, in the address, so that a link to the file leads there. */
import type { Explorer, Selection } from "./explorer.ts";

const KINDS: readonly Selection["kind"][] = ["step", "blocked", "task"];

/** Goes to where the address says; what makes no sense in it is left out. */
export function openAddress(explorer: Explorer): void {
  const { view, run } = explorer;
  const parts = new URLSearchParams(location.hash.slice(1));
  const [from, to] = [Number(parts.get("from") ?? NaN), Number(parts.get("to") ?? NaN)];
  if (Number.isFinite(from) && Number.isFinite(to) && to > from) view.show(from, to);
  const counts = { step: run.steps.count, blocked: run.blocked.length, task: run.tasks.length };
  for (const kind of KINDS) {
    const index = Number(parts.get(kind) ?? NaN);
    if (Number.isInteger(index) && index >= 0 && index < counts[kind]) explorer.select({ kind, index });
  }
}

let waiting = 0;

/** Writes what is shown into the address, once it rests. */
export function keepAddress({ view, selection }: Explorer): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    const parts = new URLSearchParams();
    const { from, to } = view.window;
    if (!view.isWhole) {
      parts.set("from", from.toFixed(9));
      parts.set("to", to.toFixed(9));
    }
    if (selection !== null) parts.set(selection.kind, `${selection.index}`);
    history.replaceState(null, "", `#${parts.toString()}`);
  }, 300);
}
