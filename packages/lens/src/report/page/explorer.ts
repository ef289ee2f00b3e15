/** `Explorer`: what is looked at (the window of time, the selection, the lane), and how to go on from there. */
import type { Run } from "./run.ts";
import { View } from "./scale.ts";

/** A step, a blocked stretch or a task, by index. */
export type Selection =
  | { readonly kind: "step"; readonly index: number }
  | { readonly kind: "blocked"; readonly index: number }
  | { readonly kind: "task"; readonly index: number };

export class Explorer {
  readonly run: Run;
  readonly view: View;
  /** The lane in which `step` moves. */
  lane = 0;
  #selection: Selection | null = null;
  readonly #changed: (what: "view" | "selection") => void;

  /** @param view - the window of time, where several runs share one. */
  constructor(run: Run, changed: (what: "view" | "selection") => void, view?: View) {
    this.run = run;
    this.#changed = changed;
    this.view = view ?? new View(run.extent, () => changed("view"));
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  /** The step that is selected, or that holds what is; -1 if there is none. */
  get selectedStep(): number {
    if (this.#selection === null || this.#selection.kind === "task") return -1;
    const { kind, index } = this.#selection;
    return kind === "step" ? index : this.run.blocked[index]!.step;
  }

  /** Selects, in a lane that shows it. */
  select(selection: Selection | null, lane: number = this.lane): void {
    this.#selection = selection;
    this.lane = selection === null ? lane : this.#laneFor(selection, lane);
    this.#changed("selection");
  }

  /** Selects, and moves the window so that it is seen. */
  goTo(selection: Selection, lane?: number): void {
    const { begin, end } = this.times(selection);
    this.view.reveal(begin, end);
    this.select(selection, lane);
  }

  /** Selects, and zooms in where it would be too small to see what it is. */
  lookAt(selection: Selection): void {
    const { begin, end } = this.times(selection);
    const length = Math.max(end - begin, 1e-6);
    if (length < this.view.span / 40) this.view.show(begin - length * 5, end + length * 5);
    // In the lane of its task, rather than the loop's.
    this.goTo(selection, this.#laneFor(selection, -1));
  }

  /** Fills most of the window with what is selected. */
  zoomToSelection(): void {
    if (this.#selection === null) return;
    const { begin, end } = this.times(this.#selection);
    const margin = Math.max(end - begin, 1e-7) / 4;
    this.view.show(begin - margin, end + margin);
  }

  times(selection: Selection): { begin: number; end: number } {
    const { run } = this;
    switch (selection.kind) {
      case "step":
        return { begin: run.steps.begin[selection.index]!, end: run.steps.end[selection.index]! };
      case "blocked":
        return run.blocked[selection.index]!;
      case "task": {
        const task = run.tasks[selection.index]!;
        return { begin: task.made, end: task.done ?? run.data.duration };
      }
    }
  }

  /** Selects the next step of the lane, or the one before; the first in the window if none is selected. */
  step(direction: 1 | -1): void {
    const { steps } = this.run;
    const from = this.selectedStep;
    let next = from < 0 ? this.#firstInWindow(direction) : from + direction;
    while (next >= 0 && next < steps.count && !this.#isInLane(next)) next += direction;
    if (next >= 0 && next < steps.count) this.goTo({ kind: "step", index: next });
  }

  /** Selects the next blocked stretch, or the one before, from where the selection or the window is. */
  blocked(direction: 1 | -1): void {
    const { blocked } = this.run;
    const { from, to } = this.view.window;
    const current = this.#selection;
    const at = current === null ? (direction > 0 ? from - 1e-9 : to) : this.times(current).begin;
    const isNext = ({ begin, index }: { begin: number; index: number }): boolean => {
      if (current?.kind === "blocked") return direction > 0 ? index > current.index : index < current.index;
      return direction > 0 ? begin >= at : begin < at;
    };
    const next = direction > 0 ? blocked.find(isNext) : blocked.findLast(isNext);
    if (next !== undefined) this.goTo({ kind: "blocked", index: next.index });
  }

  /** Moves to the lane below or above. */
  moveLane(by: number): void {
    const lane = Math.min(this.run.tasks.length, Math.max(0, this.lane + by));
    this.select(lane === 0 ? null : { kind: "task", index: lane - 1 }, lane);
  }

  #isInLane(step: number): boolean {
    return this.lane === 0 || this.run.steps.task[step] === this.lane - 1;
  }

  #firstInWindow(direction: 1 | -1): number {
    const { begin, end, count } = this.run.steps;
    const { from, to } = this.view.window;
    return direction > 0
      ? end.findIndex((time) => time >= from)
      : count - 1 - begin.toReversed().findIndex((time) => time <= to);
  }

  #laneFor({ kind, index }: Selection, lane: number): number {
    if (kind === "task") return 1 + index;
    const { steps, blocked } = this.run;
    const task = kind === "step" ? steps.task[index]! : blocked[index]!.task;
    // The loop's lane shows every step.
    return lane === 0 ? 0 : 1 + task;
  }
}
