/** `LoopRecorder`: hears one loop, and writes down its steps. */
import type { Future, Handle, Task } from "turnwise";
import type { Instrument, StepEnd } from "turnwise/instrument";
import type { Passage } from "../trace.ts";
import type { Store } from "./store.ts";
import { MADE, OUTSIDE, TIMER, TURN, WOKEN } from "./step-ring.ts";

/** What the recorder looks at in the runtime's objects; see its `Registry`. */
interface TaskLike {
  readonly _id: number;
  readonly _state: number;
  readonly _value: unknown;
}
interface HandleLike {
  /** Of a timer's handle. */
  readonly _when?: number;
  readonly _seq?: number;
  readonly _callback: { readonly name?: string } | null;
}
/** A task of an interpreter's, such as Python's; see `turnwise/guest`. */
interface GuestTaskLike {
  /** Where it waits: as lines of a stack trace, innermost first. */
  suspendedAt(): readonly string[];
}
/** A future that was cancelled, or has a result. */
const CANCELLED = 1;
const RESULT = 2;

/** The function of the tasks in which Turnwise runs what is left at the end of a run: see its `Runner`. */
const OWN = "shutdown";

/** Of so many timers it is remembered when they were set. */
const TIMERS = 65_536;

/** Times are those of the loop. Nothing here may call the loop or the user's code. */
export class LoopRecorder implements Instrument {
  readonly #store: Store;
  /** A step that took longer than the threshold has just ended. */
  readonly #onLongStep: (begin: number, end: number) => void;
  readonly #threshold: number;
  readonly #step = { task: 0, callback: 0, begin: 0, ready: 0, cause: OUTSIDE, by: -1, timerSet: 0, timerWhen: 0 };
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
  readonly #timerId = new Float64Array(TIMERS).fill(-1);
  readonly #timerSet = new Float64Array(TIMERS);
  readonly #timerWhen = new Float64Array(TIMERS);
  readonly #timerBy = new Int32Array(TIMERS);
  readonly #handles = new WeakMap<object, { ready: number; by: number; inside: boolean }>();
  readonly #notices = new WeakMap<object, number>();
  /** Where what others may pass came about: the step, and the time. */
  readonly #origins = new WeakMap<object, { readonly step: number; readonly at: number }>();
  readonly #resources = new WeakMap<object, number>();
  /** What is to be written when the step is over. */
  readonly #late: ((time: number) => void)[] = [];

  constructor(store: Store, threshold: number, onLongStep: (begin: number, end: number) => void) {
    this.#store = store;
    this.#threshold = threshold;
    this.#onLongStep = onLongStep;
  }

  /** The recording ends. A step may be in progress: code that exits, or is interrupted. */
  stop(time: number): void {
    if (this.#inStep) this.#endStep(time, this.#step.task === 0 ? "done" : "foreign", null, 0);
  }

  taskMade(task: Task<unknown>, parent: Task<unknown> | null, time: number): void {
    const { live } = this.#store;
    const id = idOf(task);
    if (parent === null && task.getCoroName() === OWN) {
      this.#own.add(id);
      return;
    }
    this.#store.lines?.noteMade(id);
    const slot = live.take(id);
    live.made[slot] = time;
    live.parent[slot] = parent === null ? 0 : idOf(parent);
    this.#made = id;
  }

  ready(subject: Task<unknown> | Handle, time: number, inside: boolean): void {
    if (!("_id" in subject)) {
      this.#handles.set(subject, { ready: time, by: this.#cause(), inside });
      return;
    }
    const id = idOf(subject as Task<unknown>);
    const { live } = this.#store;
    const slot = live.find(id);
    if (slot < 0) return;
    live.ready[slot] = time;
    live.by[slot] = inside ? this.#cause() : -1;
    if (this.#made === id) live.cause[slot] = MADE;
    else if (this.#turning === id) live.cause[slot] = TURN;
    else if (this.#firing >= 0) this.#readyByTimer(slot, this.#firing);
    else live.cause[slot] = inside ? WOKEN : OUTSIDE;
    this.#made = this.#turning = 0;
  }

  stepBegan(subject: Task<unknown> | Handle, time: number): void {
    const step = this.#step;
    step.begin = time;
    step.ready = time; // The clock is not read for each step: what is ready only now may have a later time.
    step.cause = OUTSIDE;
    step.by = -1;
    step.callback = 0;
    this.#inStep = true;
    this.#firing = this.#heardFrom = -1;
    this.#turning = this.#made = 0;
    if ("_id" in subject) {
      const { live } = this.#store;
      step.task = idOf(subject as Task<unknown>);
      if (!isGuest(subject)) this.#store.lines?.stepBegan(step.task);
      if (this.#own.size > 0 && this.#own.has(step.task)) {
        step.task = 0;
        step.callback = this.#store.strings.number("(the end of the run)");
        return;
      }
      const slot = live.find(step.task);
      if (slot < 0 || Number.isNaN(live.ready[slot])) return;
      step.ready = Math.min(live.ready[slot] as number, time);
      step.cause = live.cause[slot] as number;
      step.by = live.by[slot] as number;
      step.timerSet = live.timerSet[slot] as number;
      step.timerWhen = live.timerWhen[slot] as number;
      live.forget(slot);
    } else this.#beginCallback(subject as Handle);
  }

  stepEnded(subject: Task<unknown> | Handle, ended: number, why: StepEnd, on: Future<unknown> | null): void {
    this.#endStep(ended, why, on, this.#placeOf(subject, why));
    this.#store.lines?.stepEnded(why);
  }

  #endStep(ended: number, why: StepEnd, on: Future<unknown> | null, place: number): void {
    const { steps, awaited } = this.#store;
    const step = this.#step;
    // When a step that went astray ended is only known roughly.
    const time = Math.max(ended, step.begin);
    let onTask = 0;
    let words = 0;
    if (on !== null) {
      if ("_id" in on) onTask = idOf(on as unknown as Task<unknown>);
      else words = awaited.numberOf(on);
    }
    steps.write(step, time, why, words, onTask, place);
    this.#inStep = false;
    this.#lastEnd = time;
    if (this.#late.length > 0) for (const write of this.#late.splice(0)) write(time);
    this.#turning = why === "turn" ? step.task : 0;
    this.#made = 0;
    if (time - step.begin >= this.#threshold) this.#onLongStep(step.begin, time);
  }

  wentOn(task: Task<unknown>, time: number, why: StepEnd, on: Future<unknown> | null): void {
    // Its code ran outside every step. How long nobody knows: a step without length says that it did.
    const { awaited, steps } = this.#store;
    const isTask = on !== null && "_id" in on;
    const step = {
      task: idOf(task),
      callback: 0,
      begin: time,
      ready: time,
      cause: OUTSIDE,
      by: -1,
      timerSet: 0,
      timerWhen: 0,
    };
    const words = on === null || isTask ? 0 : awaited.numberOf(on);
    const place = this.#placeOf(task, why);
    const write = (now: number): void =>
      steps.write(
        { ...step, begin: now, ready: now },
        now,
        why,
        words,
        isTask ? idOf(on as unknown as Task<unknown>) : 0,
        place,
      );
    // In the middle of another's step: it is written after that, for the number of a step is its place.
    if (this.#inStep) this.#late.push(write);
    else write(time);
  }

  taskDone(task: Task<unknown>, time: number): void {
    const { live, finished, strings, lines } = this.#store;
    const { _id: id, _state: state, _value: value } = task as unknown as TaskLike;
    if (this.#own.delete(id)) return;
    const slot = live.find(id);
    const outcome = state === RESULT ? "result" : state === CANCELLED ? "cancelled" : "error";
    const error = outcome === "error" ? describeError(value) : "";
    if (outcome === "error") this.#store.noteFailure(task, id, error);
    finished.write({
      id,
      parent: slot < 0 ? 0 : (live.parent[slot] as number),
      made: slot < 0 ? this.#store.start : (live.made[slot] as number),
      done: time,
      name: this.#store.nameNumber(task),
      coro: strings.number(task.getCoroName()),
      outcome,
      error: strings.number(error),
      madeAt: this.#store.madeAtNumber(task),
    });
    lines?.forget(id);
  }

  timerSet(id: number, when: number, time: number): void {
    const at = id % TIMERS;
    this.#timerId[at] = id;
    this.#timerSet[at] = time;
    this.#timerWhen[at] = when;
    this.#timerBy[at] = this.#cause();
  }

  timerFired(id: number): void {
    this.#firing = id;
    this.#heardFrom = -1;
    this.#made = 0;
  }

  noticeSent(notice: object): void {
    this.#notices.set(notice, this.#cause());
  }

  noticeHeard(notice: object): void {
    this.#heardFrom = this.#notices.get(notice) ?? -1;
    this.#firing = -1;
  }

  passed(what: object, time: number): void {
    if (!this.#inStep) return;
    const { steps } = this.#store;
    const origin = this.#originOf(what);
    // What came about in the same step was there whatever others did.
    if (origin === undefined || origin.step < 0 || origin.step === steps.count) return;
    this.#pass({ kind: "passed", at: time, by: origin.step, byAt: origin.at });
  }

  opened(what: object, time: number): void {
    this.#origins.set(what, { step: this.#stepNow(time), at: time });
  }

  futureSettled(future: Future<unknown>, time: number): void {
    if ("_id" in future) {
      const { live } = this.#store;
      const slot = live.find(idOf(future as unknown as Task<unknown>));
      if (slot < 0) return;
      live.doneStep[slot] = this.#stepNow(time);
      live.doneAt[slot] = time;
      return;
    }
    // A sleep, or a wait of Turnwise's own, is awaited by one, at once.
    if (!("_when" in future || "_what" in future)) this.opened(future, time);
  }

  acquired(what: object, free: number, waited: boolean, time: number): void {
    if (this.#inStep) this.#pass({ kind: "acquired", at: time, resource: this.#resourceOf(what), free, waited });
  }

  released(what: object, free: number, time: number): void {
    if (this.#inStep) this.#pass({ kind: "released", at: time, resource: this.#resourceOf(what), free });
  }

  idle(): void {
    this.#firing = this.#heardFrom = -1;
  }

  #pass(passage: Pick<Passage, "kind" | "at"> & Partial<Passage>): void {
    const { passages, steps } = this.#store;
    passages.write({ step: steps.count, by: -1, byAt: 0, resource: -1, waited: false, free: 0, ...passage });
  }

  /** The step in which what happens now happens; -1 outside of all. A task is done when its last step has ended. */
  #stepNow(time: number): number {
    const { count } = this.#store.steps;
    if (this.#inStep) return count;
    if (this.#heardFrom >= 0) return this.#heardFrom;
    return time === this.#lastEnd ? count - 1 : -1;
  }

  /** The number of the place where the code that runs gives up the thread; 0 if that is not known. */
  #placeOf(subject: Task<unknown> | Handle, why: StepEnd): number {
    const { lines } = this.#store;
    if (lines === null) return 0;
    if (!isGuest(subject)) return lines.awaitOf(why);
    return why === "done" ? 0 : lines.number(subject.suspendedAt()[0]);
  }

  #originOf(what: object): { readonly step: number; readonly at: number } | undefined {
    if (!("_id" in what)) return this.#origins.get(what);
    const { live } = this.#store;
    const slot = live.find(idOf(what as unknown as Task<unknown>));
    return slot < 0 ? undefined : { step: live.doneStep[slot] as number, at: live.doneAt[slot] as number };
  }

  #resourceOf(what: object): number {
    const known = this.#resources.get(what);
    if (known !== undefined) return known;
    const resource = this.#store.resources++;
    this.#resources.set(what, resource);
    return resource;
  }

  /** The number of the step that is responsible for what happens now. */
  #cause(): number {
    const { count } = this.#store.steps;
    if (this.#inStep) return count;
    return this.#heardFrom >= 0 ? this.#heardFrom : count - 1;
  }

  #readyByTimer(slot: number, timer: number): void {
    const { live } = this.#store;
    const at = timer % TIMERS;
    if (this.#timerId[at] !== timer) return; // Forgotten: so many were set since.
    live.cause[slot] = TIMER;
    live.by[slot] = this.#timerBy[at] as number;
    live.timerSet[slot] = this.#timerSet[at] as number;
    live.timerWhen[slot] = this.#timerWhen[at] as number;
  }

  #beginCallback(handle: Handle): void {
    const step = this.#step;
    const { _callback: callback, _when: when, _seq: taken } = handle as unknown as HandleLike;
    const timer = taken === undefined ? undefined : ~taken; // The complement, since it was due.
    step.task = 0;
    step.callback = this.#store.strings.number(callback?.name || "(callback)");
    const known = this.#handles.get(handle);
    if (known === undefined) return;
    step.ready = Math.min(known.ready, step.begin);
    step.by = known.inside ? known.by : -1;
    step.cause = known.inside ? MADE : OUTSIDE;
    if (when === undefined || timer === undefined || this.#timerId[timer % TIMERS] !== timer) return;
    step.cause = TIMER;
    step.by = this.#timerBy[timer % TIMERS] as number;
    step.timerSet = this.#timerSet[timer % TIMERS] as number;
    step.timerWhen = when;
  }
}

function isGuest(subject: object): subject is GuestTaskLike {
  return "suspendedAt" in subject;
}

function idOf(task: Task<unknown>): number {
  return (task as unknown as TaskLike)._id;
}

/** An error in one line, without running code of the user's: no getter, no `toString`. */
function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === "object" ? "an object that is no Error" : String(thrown);
  const message = Object.getOwnPropertyDescriptor(thrown, "message")?.value as unknown;
  const name = thrown.constructor.name || "Error";
  return typeof message === "string" && message !== "" ? `${name}: ${message}` : name;
}
