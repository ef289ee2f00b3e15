/** `Place`: a moment of a program, as the page's address has it, so that a link leads there. */
import type { TimeWindow } from "../../../lens/src/report/page/scale.ts";
import type { ViewName } from "./studio.ts";

export interface Place {
  readonly view: ViewName | null;
  /** The letter of the selected program. */
  readonly program: string | null;
  readonly time: number | null;
  /** The step of that program; -1 for none. */
  readonly step: number;
  /** Null for the whole runs. */
  readonly window: TimeWindow | null;
}

export const NO_PLACE: Place = { view: null, program: null, time: null, step: -1, window: null };

/** What makes no sense in it is left out. */
export function readPlace(hash: string): Place {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (key: string): number | null => {
    const value = Number.parseFloat(parts.get(key) ?? "");
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  const [view, from, to, step] = [parts.get("view"), number("from"), number("to"), number("step")];
  return {
    view: view === "tasks" || view === "programs" ? view : null,
    program: parts.get("program"),
    time: number("time"),
    step: Number.isInteger(step) ? step! : -1,
    window: from !== null && to !== null && to > from ? { from, to } : null,
  };
}

export function writePlace({ view, program, time, step, window }: Place): string {
  const parts = new URLSearchParams();
  if (view === "tasks") parts.set("view", view);
  if (program !== null && time !== null) {
    parts.set("program", program);
    parts.set("time", time.toFixed(9));
    if (step >= 0) parts.set("step", `${step}`);
  }
  if (window !== null) {
    parts.set("from", window.from.toFixed(9));
    parts.set("to", window.to.toFixed(9));
  }
  return `#${parts.toString()}`;
}
