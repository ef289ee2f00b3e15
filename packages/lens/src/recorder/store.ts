/** `Store`: what all loops of a process record into. Its size is fixed when it is made. */
import type { Task } from "turnwise";
import { AwaitedNames } from "./awaited.ts";
import { describeError } from "./errors.ts";
import { FinishedTasks, TASK_BYTES } from "./finished-tasks.ts";
import { Lines } from "./lines.ts";
import { LiveTasks, SLOT_BYTES } from "./live-tasks.ts";
import { PASSAGE_BYTES, PassageRing } from "./passage-ring.ts";
import { Resources } from "./resources.ts";
import { CANCELLED, idOf, RESULT, type TaskLike, UNSEEN } from "./runtime.ts";
import { STEP_BYTES, StepRing } from "./step-ring.ts";
import { Strings } from "./strings.ts";

/** By default: the last 262,144 steps; 131,072 tasks that live and as many that are done. */
export const DEFAULT_STEPS: number = 2 ** 18;

/** How many bytes a recording of so many steps takes, the strings aside. */
export function bytesFor(steps: number): number {
  return steps * STEP_BYTES + (steps / 2) * (SLOT_BYTES + TASK_BYTES) + (steps / 4) * PASSAGE_BYTES;
}

/** Of so many failed tasks it is known whether somebody asked for the exception. */
const MOST_FAILURES = 1_000;

/** The rings and tables of a recording. */
export class Store {
  /** When the recording began, on the loop's clock. */
  readonly start: number;
  readonly strings: Strings = new Strings();
  readonly awaited: AwaitedNames = new AwaitedNames(this.strings);
  readonly steps: StepRing;
  readonly live: LiveTasks;
  readonly finished: FinishedTasks;
  readonly passages: PassageRing;
  /** Null if the user's lines are not recorded. */
  readonly lines: Lines | null;
  readonly resources: Resources = new Resources();
  readonly #originOf: (task: object) => string | undefined;
  /** Tasks that failed lately: somebody may still ask for the exception. */
  readonly #failed: { readonly id: number; readonly error: string; readonly task: WeakRef<object> }[] = [];

  /**
   * @param steps - how many are kept: a power of two.
   * @param originOf - where a task was made, if that is known: the frames, innermost first.
   * @param whose - the task whose code runs: if it is given, the user's lines are recorded too.
   */
  constructor(
    start: number,
    steps: number,
    originOf: (task: object) => string | undefined,
    whose?: () => number | null,
  ) {
    this.start = start;
    this.lines = whose === undefined ? null : new Lines(this.strings, whose);
    this.steps = new StepRing(steps, whose !== undefined);
    this.live = new LiveTasks(steps / 2);
    this.finished = new FinishedTasks(steps / 2);
    this.passages = new PassageRing(steps / 4);
    this.#originOf = originOf;
  }

  /** A task is done. */
  noteDone(task: Task<unknown>, time: number): void {
    const { live, strings } = this;
    const { _id: id, _state: state, _value: value } = task as unknown as TaskLike;
    const slot = live.find(id);
    const outcome = state === RESULT ? "result" : state === CANCELLED ? "cancelled" : "error";
    const error = outcome === "error" ? this.#noteFailure(task, id, describeError(value)) : 0;
    this.finished.write({
      id,
      parent: slot < 0 ? 0 : live.parent(slot),
      made: slot < 0 ? this.start : live.made(slot),
      done: time,
      name: this.#nameNumber(task),
      coro: strings.number(task.getCoroName()),
      outcome,
      error,
      madeAt: this.#madeAtNumber(task),
    });
  }

  /** @returns the number of the error. */
  #noteFailure(task: object, id: number, error: string): number {
    if (this.#failed.length >= MOST_FAILURES) this.#failed.shift();
    this.#failed.push({ id, error, task: new WeakRef(task) });
    return this.strings.number(error);
  }

  /** The tasks that failed, and whose exception nobody has asked for. */
  lostErrors(): { readonly id: number; readonly error: string }[] {
    return this.#failed.filter(({ task }) => (task.deref() as { _state: number } | undefined)?._state === UNSEEN);
  }

  /** The number of a task's name; 0 if it is `Task-N` and N the id. */
  #nameNumber(task: Task<unknown>): number {
    const { _id: id, _extra: extra } = task as unknown as TaskLike;
    const name = extra?.name;
    return name === undefined || name === `Task-${id}` ? 0 : this.strings.number(name);
  }

  /** The number of the line at which a task was made; 0 if it is not known. */
  #madeAtNumber(task: Task<unknown>): number {
    if (this.lines !== null) return this.lines.madeAt(idOf(task));
    const origin = this.#originOf(task);
    return origin === undefined ? 0 : this.strings.number(origin.slice(0, `${origin}\n`.indexOf("\n")));
  }
}
