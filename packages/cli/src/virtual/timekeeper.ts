/** When time jumps. */
import type { Activity } from "./activity.ts";
import type { VirtualClock } from "./clock.ts";
import { endDeadlock } from "./deadlock.ts";
import type { RunningLoops } from "./loop-host.ts";
import { setImmediate, setTimeout } from "./real.ts";
import type { VirtualTimers } from "./timers.ts";

/** How often, in real milliseconds, to look whether a process that something keeps alive waits for time only. */
const LOOK_EVERY = 1;
/** After so many looks, about a second, at I/O that is out, the clock runs like a real one, and timeouts do their work. */
const PATIENT_LOOKS = 1000;
/** How long, in real milliseconds, a loop that only a signal can wake is kept alive at a time. */
const SIGNALS_EVERY = 50;
/** A process with a server is taken to wait after so many looks: what Node does not list had that long to end. */
const QUIET_LOOKS = 3;

/**
 * Moves the clock to the next timer when the program can't go on without.
 *
 * No timer is known to Node, so Node itself notices: its loop drains when nothing is ready and no I/O of any kind is
 * out. A server or a reader of stdin keeps it from draining; then a look every millisecond tells.
 */
export class Timekeeper {
  readonly #clock: VirtualClock;
  readonly #timers: VirtualTimers;
  readonly #activity: Activity;
  readonly #loops: RunningLoops;
  #looks = false;
  #quietLooks = 0;
  #busyLooks = 0;
  /** How often the clock was held for a worker that keeps no process alive; see {@link #holdsForWorker}. */
  #held = { looks: 0, workers: 0, idles: 0 };

  constructor(clock: VirtualClock, timers: VirtualTimers, activity: Activity, loops: RunningLoops) {
    this.#clock = clock;
    this.#timers = timers;
    this.#activity = activity;
    this.#loops = loops;
    timers.onSet = () => this.#keepLooking();
    const emit = process.emit.bind(process) as (event: string | symbol, ...args: unknown[]) => boolean;
    const emitUnlessAlive = (event: string | symbol, ...args: unknown[]): boolean => {
      if (event === "beforeExit" && this.#drained()) return true;
      return emit(event, ...args);
    };
    process.emit = emitUnlessAlive as typeof process.emit;
  }

  /** Node's loop has nothing left. @returns whether the program goes on. */
  #drained(): boolean {
    if (this.#holdsForWorker()) {
      setTimeout(() => {}, LOOK_EVERY);
      return true;
    }
    if (this.#timers.refs > 0 || (this.#loops.count > 0 && this.#timers.size > 0)) {
      setImmediate(() => this.#jump());
      return true;
    }
    if (this.#loops.count === 0) return false;
    if (waitsForSignals()) setTimeout(() => {}, SIGNALS_EVERY);
    else setImmediate(() => void endDeadlock(this.#clock.now / 1000));
    return true;
  }

  /**
   * A task waits for a promise that is not Turnwise's, and a worker runs that is `unref`'d: it may be the one to settle it.
   * Workers of a pool that only wait for work are given up after a while, until another begins.
   */
  #holdsForWorker(): boolean {
    const { workers, begun } = this.#activity;
    if (this.#loops.foreign === 0 || workers === 0) return false;
    const held = this.#held;
    const wokeALoop = held.idles !== this.#loops.idles && held.looks < PATIENT_LOOKS;
    if (begun !== held.workers || wokeALoop) this.#held = { looks: 0, workers: begun, idles: this.#loops.idles };
    return ++this.#held.looks < PATIENT_LOOKS;
  }

  #jump(): void {
    this.#busyLooks = this.#quietLooks = 0;
    const next = this.#timers.next();
    if (next === null) return;
    this.#clock.jump(next);
    this.#timers.runDue();
  }

  #keepLooking(): void {
    if (this.#looks) return;
    this.#looks = true;
    // After the turn's I/O, so that what it made ready is seen.
    setTimeout(() => setImmediate(() => this.#look()), LOOK_EVERY).unref();
  }

  #look(): void {
    this.#looks = false;
    if (this.#timers.size === 0) return;
    const state = this.#activity.state();
    this.#keepLooking();
    if (state === "waiting") {
      if (++this.#quietLooks >= QUIET_LOOKS) this.#jump();
    } else {
      this.#quietLooks = 0;
      if (++this.#busyLooks > PATIENT_LOOKS) this.#clock.follow();
      if (this.#clock.follows) this.#timers.runDue();
    }
  }
}

/** Turnwise itself listens for SIGINT, so that one says nothing. */
function waitsForSignals(): boolean {
  return process
    .eventNames()
    .some((name) => typeof name === "string" && name !== "SIGINT" && /^SIG[A-Z0-9]+$/.test(name));
}
