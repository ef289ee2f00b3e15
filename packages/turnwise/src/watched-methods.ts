/** The methods that stand in for the runtime's while a loop is watched: each tells the watch, and does what it did. */
import { type Future, type Notice, PENDING, type RESULT, type State, type UNSEEN_EXCEPTION } from "./futures.ts";
import type { Handle } from "./handles.ts";
import type { IdleState } from "./host.ts";
import type { Runnable } from "./ready.ts";
import type { Classes, Registry } from "./registry.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Sleep } from "./sleep.ts";
import type { TaskList } from "./task-list.ts";
import type { Task } from "./tasks.ts";
import type { Reject, Resolve } from "./thenable.ts";
import type { Timer } from "./timers.ts";
import type { Failure, Wait } from "./waits.ts";
import type { Watch } from "./watch.ts";

type Methods = Record<string, unknown>;

/** A class's methods, and those that are to be exchanged with them. */
export interface Exchange {
  readonly owner: Methods;
  readonly methods: Methods;
}

/** For one copy of Turnwise: what is to be exchanged. */
export function watchedMethods({ classes, currentTask }: Registry): Exchange[] {
  const { Future, Handle, Notice, Scheduler, Sleep, Task, TaskList, Wait } = classes;
  return [
    exchange(TaskList, (plain) => ofTaskList(plain, currentTask)),
    exchange(Scheduler, (plain) => ofScheduler(plain, tellsOf({ Handle, Notice, Sleep, Task, Wait }), Handle)),
    exchange(Task, ofTask),
    exchange(Future, (plain) => ofFuture(plain, Task)),
    exchange(Handle, ofHandle),
    exchange(Notice, ofNotice),
    exchange(Sleep, ofSleep),
  ];
}

/** @param watched - makes the methods that stand in, out of the plain ones. */
function exchange<P extends object>(owner: { readonly prototype: P }, watched: (plain: P) => object): Exchange {
  // A prototype of its own: the engine finds what is on a prototype at once, and not what is on an object so made.
  const plain = Object.create(Object.defineProperties({}, Object.getOwnPropertyDescriptors(owner.prototype))) as P;
  return { owner: owner.prototype as Methods, methods: watched(plain) as Methods };
}

const ofTaskList = (plain: TaskList, currentTask: Registry["currentTask"]) => ({
  add(this: TaskList, task: Task<unknown>): void {
    plain.add.call(this, task);
    const watch = task._loop._watch;
    if (watch !== null) watch.to.taskMade(task, currentTask(), watch.now());
  },
});

/** Tells of what comes into the ready queue. Apart, so that what calls it is small enough to be compiled into its callers. */
const tellsOf =
  ({ Handle, Notice, Sleep, Task, Wait }: Omit<Classes, "Future" | "Scheduler" | "TaskList">) =>
  (watch: Watch, item: Runnable): void => {
    if (item instanceof Task && item._state === PENDING) watch.ready(item);
    else if (item instanceof Task || item instanceof Notice || item instanceof Sleep) {
      watch.to.noticeSent(item, watch.now());
    } else if (item instanceof Handle) watch.ready(item);
    else if (item instanceof Wait && item.task !== null) watch.ready(item.task);
  };

const ofScheduler = (plain: Scheduler, tellOf: (watch: Watch, item: Runnable) => void, Handle: Classes["Handle"]) => ({
  _push(this: Scheduler, item: Runnable): void {
    const watch = this._watch;
    if (watch !== null) {
      if (watch.isTurning) watch.isTurning = false;
      else tellOf(watch, item);
    }
    plain._push.call(this, item);
  },

  _due(this: Scheduler, timer: Timer): void {
    const watch = this._watch;
    if (watch !== null && timer instanceof Handle) watch.to.ready(timer, watch.pass(), true);
    plain._due.call(this, timer);
  },

  _addTimer(this: Scheduler, timer: Timer): void {
    plain._addTimer.call(this, timer);
    const watch = this._watch;
    if (watch !== null) watch.to.timerSet(timer._seq, timer._when, watch.now());
  },

  _closed(this: Scheduler): void {
    plain._closed.call(this);
    this._watch?.over();
  },

  _turnIsFree(this: Scheduler): boolean {
    // Each turn is to be seen.
    return this._watch === null && plain._turnIsFree.call(this);
  },

  _drain(this: Scheduler, stepsOnly: boolean): void {
    plain._drain.call(this, stepsOnly);
    this._watch?.leave();
  },

  _giveToEager(this: Scheduler): boolean {
    const given = plain._giveToEager.call(this);
    if (given && this._watch !== null) this._watch.begin(this._holder as Task<unknown>);
    return given;
  },

  _idle(this: Scheduler, state: IdleState): void {
    this._watch?.to.idle(this._watch.now(), state.deadline);
    plain._idle.call(this, state);
  },
});

const ofTask = (plain: Task<unknown>) => ({
  _run(this: Task<unknown>): void {
    const watch = this._loop._watch;
    if (watch !== null) {
      if (this._state === PENDING) watch.begin(this);
      else if (this._entries !== null) watch.to.noticeHeard(this, watch.pass());
    }
    plain._run.call(this);
  },

  _resumeBranch(this: Task<unknown>, branch: Wait, failure: Failure | null, value: unknown): void {
    this._loop._watch?.begin(this);
    plain._resumeBranch.call(this, branch, failure, value);
  },

  _park(this: Task<unknown>, future: Future<unknown> | null, resolve: Resolve, reject: Reject): void {
    const watch = this._loop._watch;
    if (watch !== null) {
      if (watch.current === this) {
        if (future !== null) watch.end("wait", future);
        else if (this._loop._eager.size === 0) watch.turn(this);
        else watch.end("turn", null);
      } else if (this._extra?.foreign === true) {
        watch.to.wentOn(this, watch.now(), future === null ? "turn" : "wait", future);
      }
    }
    plain._park.call(this, future, resolve, reject);
  },

  _strayed(this: Task<unknown>): void {
    const watch = this._loop._watch;
    if (watch !== null && watch.current === this) {
      watch.end(this._isParked() ? "wait" : "foreign", null);
    }
    plain._strayed.call(this);
  },

  _finish(this: Task<unknown>, state: typeof RESULT | typeof UNSEEN_EXCEPTION, value: unknown): void {
    const watch = this._loop._watch;
    if (watch !== null && this._state === PENDING) {
      if (watch.current === this) watch.end("done", null);
      else if (this._extra?.foreign === true) watch.to.wentOn(this, watch.now(), "done", null);
    }
    plain._finish.call(this, state, value);
  },
});

const ofFuture = (plain: Future<unknown>, Task: Classes["Task"]) => ({
  _await(this: Future<unknown>, resolve: Resolve, reject: Reject): void {
    if (this._state !== PENDING) this._loop._watch?.passed(this);
    plain._await.call(this, resolve, reject);
  },

  _settle(this: Future<unknown>, state: State, value: unknown): void {
    const watch = this._loop._watch;
    if (watch === null) {
      plain._settle.call(this, state, value);
      return;
    }
    const time = watch.hold();
    try {
      plain._settle.call(this, state, value);
    } finally {
      watch.letGo();
    }
    watch.to.futureSettled(this, time);
    if (this instanceof Task) watch.to.taskDone(this, time);
  },
});

const ofHandle = (plain: Handle) => ({
  _run(this: Handle): void {
    const watch = this._loop._watch;
    if (watch === null || this.cancelled()) {
      plain._run.call(this);
      return;
    }
    watch.begin(this);
    plain._run.call(this);
    if (watch.current === this) watch.end("done", null);
  },
});

const ofNotice = (plain: Notice) => ({
  _run(this: Notice): void {
    const watch = this._future._loop._watch;
    if (watch !== null) watch.to.noticeHeard(this, watch.pass());
    plain._run.call(this);
  },
});

const ofSleep = (plain: Sleep) => ({
  _run(this: Sleep): void {
    const watch = this._loop._watch;
    if (watch !== null) {
      if (this._state === PENDING) watch.to.timerFired(~this._seq, watch.pass());
      else if (this._entries !== null) watch.to.noticeHeard(this, watch.pass());
    }
    plain._run.call(this);
  },
});
