/** What to mark in the source that a program shows, at a moment. */
import type { Moment } from "../moment/moment.ts";
import type { Slot } from "../slot.ts";

/** Lines are from 1; those that are not there are left out. */
export interface Marks {
  readonly running: { readonly line: number; readonly isBlocking: boolean } | null;
  /** The names of the tasks that wait at each line. */
  readonly waiting: ReadonlyMap<number, readonly string[]>;
  readonly error: { readonly line: number; readonly message: string } | null;
}

const NO_MARKS: Marks = { running: null, waiting: new Map(), error: null };

export function marksOf(slot: Slot, moment: Moment | null): Marks {
  // What was edited since has other lines.
  if (slot.isEdited && slot.shownFile === null) return NO_MARKS;
  const shown = slot.shownFile ?? slot.ownFile;
  const error = slot.ended?.error ?? null;
  const isErrorHere = error !== null && error.line !== null && (error.file === null || error.file === shown);
  return {
    running:
      moment?.line != null && moment.line.file === shown
        ? { line: moment.line.line, isBlocking: moment.blocked >= 0 }
        : null,
    waiting: waitingAt(slot, moment, shown),
    error: isErrorHere ? { line: error.line!, message: error.message } : null,
  };
}

function waitingAt({ recorded }: Slot, moment: Moment | null, file: string | null): Map<number, string[]> {
  const names = new Map<number, string[]>();
  if (recorded === null || moment === null) return names;
  const { trace, moments } = recorded;
  for (const step of moment.waiting.first) {
    const { at } = trace.steps[step]!;
    if (at == null || at.file !== file) continue;
    const here = names.get(at.line) ?? [];
    here.push(trace.tasks[moments.taskOf(step)]!.name);
    names.set(at.line, here);
  }
  return names;
}
