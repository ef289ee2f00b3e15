/** `LoopRecorder`: hears one loop, and writes down its steps. */
import type { Future, Handle, Task } from "turnwise";
import type { Instrument, StepEnd } from "turnwise/instrument";
import type { Lines } from "./lines.ts";
import type { LiveTasks } from "./live-tasks.ts";
import { Notes } from "./notes.ts";
import { Origins } from "./origins.ts";
import { type HandleLike, idOf, isGuest, type TaskLike, taskOf } from "./runtime.ts";
import { Store } from "./store.ts";
import { GAVE_TURN, MADE, numberOfEnd, ON_TASK, OpenStep, OUTSIDE, type StepRing, TURN, WOKEN } from "./step-ring.ts";
import { TimerTable } from "./timer-table.ts";

/** The function of the tasks in which Turnwise runs what is left at the end of a run: see its `Runner`. */
const OWN = "shutdown";

/** Times are those of the loop. Nothing here may call the loop or the user's code. */
export class LoopRecorder implements Instrument {
  readonly #store: Store;
  /** A step that took longer than the threshold has just ended. */
  readonly #onLongStep: (begin: number, end: number) => void;
  readonly #threshold: number;
  readonly #steps: StepRing;
  readonly #live: LiveTasks;
  readonly #lines: Lines | null;
  readonly #step = new OpenStep();
  /** Of the task whose step it is; -1 if it has none. */
  #slot = -1;
  #inStep = false;
  /** Tasks of Turnwise's own, which are shown as callbacks. */
  readonly #own = new Set<number>();
  #lastEnd = Number.NaN;
  /** The task whose step ended by giving others a turn: it becomes ready at once. */
  #turning = 0;
  /** The task that was made: it becomes ready at once, unless it is eager. */
  #made = 0;
  /** The timer, or the step that sent the notice, which makes others ready now; -1 if none does. */
  #firing = -1;
  #heardFrom = -1;
  readonly #timers = new TimerTable();
  /** Of callbacks that are ready, and of notices that were sent, but for those of a task's end. */
  readonly #notes = new Notes();
  readonly #origins: Origins;
  /** What is to be written when the step is over. */
  readonly #late: ((time: number) => void)[] = [];

  constructor(store: Store, threshold: number, onLongStep: (begin: number, end: number) => void) {
    this.#store = store;
    this.#steps = store.steps;
    this.#live = store.live;
    this.#lines = store.lines;
    this.#origins = new Origins(store.live);
    this.#threshold = threshold;
    this.#onLongStep = onLongStep;
  }

  /** The recording ends. A step may be in progress: code that exits, or is interrupted. */
  stop(time: number): void {
    if (this.#inStep) this.#endStep(time, this.#step.task === 0 ? "done" : "foreign", null, 0);
  }

  taskMade(task: Task<unknown>, parent: Task<unknown> | null, time: number): void {
    const id = idOf(task);
    if (parent === null && task.getCoroName() === OWN) {
      this.#own.add(id);
      return;
    }
    this.#lines?.noteMade(id);
    this.#live.take(id, time, parent === null ? 0 : idOf(parent));
    this.#made = id;
  }

  ready(subject: Task<unknown> | Handle, time: number, inside: boolean): void {
    const id = (subject as Partial<TaskLike>)._id;
    if (id === undefined) {
      this.#notes.set(subject, time, this.#cause(), inside);
      return;
    }
    const slot = this.#live.find(id);
    if (slot < 0) return;
    const by = inside ? this.#cause() : -1;
    if (this.#made === id) this.#live.ready(slot, time, MADE, by);
    else if (this.#turning === id) this.#live.ready(slot, time, TURN, by);
    else if (this.#firing >= 0) this.#timers.ready(this.#firing, this.#live, slot, time, by);
    else this.#live.ready(slot, time, inside ? WOKEN : OUTSIDE, by);
    this.#made = this.#turning = 0;
  }

  stepBegan(subject: Task<unknown> | Handle, time: number): void {
    const step = this.#step;
    step.begin = time;
    this.#inStep = true;
    this.#firing = this.#heardFrom = -1;
    this.#turning = this.#made = 0;
    const id = (subject as Partial<TaskLike>)._id;
    if (id === undefined) {
      this.#beginCallback(subject as Handle);
      return;
    }
    step.task = id;
    if (this.#lines !== null && !isGuest(subject)) this.#lines.stepBegan(id);
    const slot = (this.#slot = this.#live.find(id));
    if (slot >= 0) this.#live.begin(slot, step);
    else this.#beginUnknown(id);
  }

  stepEnded(subject: Task<unknown> | Handle, ended: number, why: StepEnd, on: Future<unknown> | null): void {
    this.#endStep(ended, why, on, this.#lines === null ? 0 : this.#placeOf(subject, why));
    this.#lines?.stepEnded(why);
  }

  turned(task: Task<unknown>, ended: number): void {
    const number = this.#steps.count;
    const step = this.#step;
    const time = ended < step.begin ? step.begin : ended;
    const lines = this.#lines;
    this.#steps.write(step, time, GAVE_TURN, 0, lines === null ? 0 : this.#placeOf(task, "turn"));
    this.#afterStep(time);
    lines?.stepEnded("turn");
    if (this.#slot >= 0) this.#live.ready(this.#slot, ended, TURN, number);
  }

  #endStep(ended: number, why: StepEnd, on: Future<unknown> | null, place: number): void {
    const step = this.#step;
    // When a step that went astray ended is only known roughly.
    const time = ended < step.begin ? step.begin : ended;
    const onTask = taskOf(on);
    const then = onTask === undefined ? numberOfEnd(why) : numberOfEnd(why) + ON_TASK;
    this.#steps.write(step, time, then, onTask ?? this.#store.awaited.numberOf(on), place);
    this.#afterStep(time);
    this.#turning = why === "turn" ? step.task : 0;
  }

  #afterStep(time: number): void {
    this.#inStep = false;
    this.#lastEnd = time;
    if (this.#late.length > 0) this.#writeLate(time);
    this.#made = 0;
    if (time - this.#step.begin >= this.#threshold) this.#onLongStep(this.#step.begin, time);
  }

  #writeLate(time: number): void {
    for (const write of this.#late.splice(0)) write(time);
  }

  wentOn(task: Task<unknown>, time: number, why: StepEnd, on: Future<unknown> | null): void {
    // Its code ran outside every step. How long nobody knows: a step without length says that it did.
    const step = new OpenStep();
    step.task = idOf(task);
    const place = this.#placeOf(task, why);
    const onTask = taskOf(on);
    const number = onTask ?? this.#store.awaited.numberOf(on);
    const then = numberOfEnd(why) + (onTask === undefined ? 0 : ON_TASK);
    const write = (now: number): void => {
      step.begin = now;
      step.forget();
      this.#steps.write(step, now, then, number, place);
    };
    // In the middle of another's step: it is written after that, for the number of a step is its place.
    if (this.#inStep) this.#late.push(write);
    else write(time);
  }

  taskDone(task: Task<unknown>, time: number): void {
    const id = idOf(task);
    if (this.#own.delete(id)) return;
    this.#store.noteDone(task, time);
    this.#lines?.forget(id);
  }

  timerSet(id: number, when: number, time: number): void {
    this.#timers.note(id, time, when, this.#cause());
  }

  timerFired(id: number): void {
    this.#firing = id;
    this.#heardFrom = -1;
    this.#made = 0;
  }

  noticeSent(notice: object, time: number): void {
    const slot = this.#slotOf(notice);
    if (slot >= 0) this.#live.notice(slot, this.#cause());
    else this.#notes.set(notice, time, this.#cause(), true);
  }

  noticeHeard(notice: object): void {
    const slot = this.#slotOf(notice);
    this.#heardFrom = slot >= 0 ? this.#live.sentFrom(slot) : (this.#notes.get(notice)?.by ?? -1);
    this.#firing = -1;
  }

  passed(what: object, at: number): void {
    if (!this.#inStep) return;
    const origin = this.#origins.get(what);
    const step = this.#steps.count;
    // What came about in the same step was there whatever others did.
    if (origin === undefined || origin.step < 0 || origin.step === step) return;
    const { step: by, at: byAt } = origin;
    this.#store.passages.write({ step, at, kind: "passed", by, byAt, resource: -1, waited: false, free: 0 });
  }

  opened(what: object, time: number): void {
    this.#origins.set(what, this.#stepNow(time), time);
  }

  futureSettled(future: Future<unknown>, time: number): void {
    const id = taskOf(future);
    if (id !== undefined) this.#origins.ofTask(id, this.#stepNow(time), time);
    // A sleep, or a wait of Turnwise's own, is awaited by one, at once.
    else if (!("_when" in future || "_what" in future)) this.opened(future, time);
  }

  acquired(what: object, free: number, waited: boolean, time: number): void {
    this.#noteUse("acquired", what, free, waited, time);
  }

  released(what: object, free: number, time: number): void {
    this.#noteUse("released", what, free, false, time);
  }

  idle(): void {
    this.#firing = this.#heardFrom = -1;
  }

  #noteUse(kind: "acquired" | "released", what: object, free: number, waited: boolean, at: number): void {
    if (!this.#inStep) return;
    const { passages, resources } = this.#store;
    const resource = resources.number(what);
    passages.write({ step: this.#steps.count, at, kind, by: -1, byAt: 0, resource, waited, free });
  }

  /** The step in which what happens now happens; -1 outside of all. A task is done when its last step has ended. */
  #stepNow(time: number): number {
    const { count } = this.#steps;
    if (this.#inStep) return count;
    if (this.#heardFrom >= 0) return this.#heardFrom;
    return time === this.#lastEnd ? count - 1 : -1;
  }

  /** The number of the place where the code that runs gives up the thread; 0 if that is not known. */
  #placeOf(subject: Task<unknown> | Handle, why: StepEnd): number {
    const lines = this.#lines;
    if (lines === null) return 0;
    if (!isGuest(subject)) return lines.awaitOf(why);
    return why === "done" ? 0 : lines.number(subject.suspendedAt()[0]);
  }

  /** The slot of a task; -1 for anything else, and if it has none. */
  #slotOf(thing: object): number {
    const id = (thing as Partial<TaskLike>)._id;
    return id === undefined ? -1 : this.#live.find(id);
  }

  /** The number of the step that is responsible for what happens now. */
  #cause(): number {
    const { count } = this.#steps;
    if (this.#inStep) return count;
    return this.#heardFrom >= 0 ? this.#heardFrom : count - 1;
  }

  /** A task of Turnwise's own, or one that was made before the recording, or too many tasks ago. */
  #beginUnknown(task: number): void {
    const step = this.#step;
    step.forget();
    if (!this.#own.has(task)) return;
    step.task = 0;
    step.callback = this.#store.strings.number("(the end of the run)");
  }

  #beginCallback(handle: Handle): void {
    const step = this.#step;
    const { _callback: callback, _seq: taken } = handle as unknown as HandleLike;
    step.task = 0;
    step.callback = this.#store.strings.number(callback?.name || "(callback)");
    step.forget();
    const known = this.#notes.get(handle);
    if (known === undefined) return;
    step.ready = Math.min(known.at, step.begin);
    if (known.inside) {
      step.by = known.by;
      step.cause = MADE;
    }
    if (taken !== undefined) this.#timers.cause(~taken, step); // The complement, since it was due.
  }
}

/**
 * One is kept for good: V8 forgets the hidden class of a class, and with it the code that was compiled for it, when a full
 * collection finds no object of that class. Without this, the recorder would be slow at first in each loop.
 */
export const KEPT: LoopRecorder = new LoopRecorder(new Store(0, 4, () => undefined), Infinity, () => {});
