/** The virtual clock: time that jumps to the next deadline when nothing is ready. */
import { systemTime } from "#clock";
import { type Call, type Host, type IdleState, SystemHost } from "./host.ts";
import type { Seconds } from "./scheduler.ts";

/** The platform's functions, taken when the module is loaded: a test may install fake timers. */
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const soon: (callback: () => void) => void = setImmediate ?? ((callback) => void setTimeout(callback, 0));

/** Why a virtual run can't go on. */
export type Stuck = "deadlock" | "foreign";

/** While a foreign promise is out, real time passes in looks of so many seconds. */
const LOOK: Seconds = 0.005;
/** After so many looks at which nothing real was under way, the promise is taken for one that waits for the clock. */
const QUIET_LOOKS = 10;
/**
 * While something real is under way, patience with a foreign promise is so many times longer: it may be a slow answer.
 * Not longer than a test runner waits, so that it is still the error of this clock that one reads.
 */
const BUSY_PATIENCE = 4;
/** So often may time jump for its sake, before it is taken for one that never settles. */
const MOST_JUMPS = 10_000;

/** The host of a loop under virtual time, which starts at 0. */
export class VirtualHost implements Host {
  /** Told when the run can't go on. */
  onStuck: (why: Stuck) => void = () => {};
  /** Whether the loop's code has something under way that the platform does not list; see `hasUnlisted`. */
  unlisted: (held: Seconds) => boolean = () => false;
  readonly #patience: Seconds;
  readonly #system = new SystemHost();
  /** What keeps the process busy since before the run began: that is the test runner's, and not the program's. */
  readonly #before = activity();
  #now = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** What is known of the foreign promises that are out, as long as they are the same number. */
  #out = { foreign: 0, quietLooks: 0, held: 0, jumps: 0 };
  /** Counts the requests of `idle`: a jump that was asked for before the last `disarm` is void. */
  #request = 0;

  /** @param patience - how many real seconds to wait for a foreign promise. */
  constructor(patience: Seconds) {
    this.#patience = patience;
  }

  now(): Seconds {
    return this.#now;
  }

  realNow(): Seconds {
    return systemTime();
  }

  soon(callback: () => void): void {
    soon(callback);
  }

  get whenQuiet(): Call | undefined {
    return this.#system.whenQuiet;
  }

  idle({ deadline, foreign }: IdleState, wake: () => void): void {
    this.disarm();
    if (foreign !== this.#out.foreign) this.#out = { foreign, quietLooks: 0, held: 0, jumps: 0 };
    const jump = (): void => {
      this.#now = Math.max(this.#now, deadline as Seconds);
      wake();
    };
    if (foreign > 0) this.#holdFor("foreign", deadline === null ? null : jump);
    else if (deadline !== null) this.#soonUnlessDisarmed(jump);
    // A branch of a task may wait for a foreign promise beside one of ours. It shows only in what the process does.
    else if (this.#isBusy(activity()) || this.unlisted(0)) this.#holdFor("deadlock", null);
    else this.#soonUnlessDisarmed(() => this.onStuck("deadlock"));
  }

  disarm(): void {
    this.#request++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  keepAlive(): () => void {
    return () => {};
  }

  #soonUnlessDisarmed(callback: () => void): void {
    const request = this.#request;
    // Code that belongs to no task may have something to run yet. It asks for a turn before the second one.
    soon(() =>
      soon(() => {
        if (request === this.#request) callback();
      }),
    );
  }

  /**
   * Lets real time pass until the loop has something to run. If all the while nothing is under way, the
   * foreign promise waits for the clock itself (an async function that another task began): then time jumps.
   */
  #holdFor(why: Stuck, jump: (() => void) | null): void {
    const out = this.#out;
    if (jump !== null && out.quietLooks >= QUIET_LOOKS && out.jumps++ < MOST_JUMPS) {
      this.#soonUnlessDisarmed(jump);
      return;
    }
    const begin = systemTime();
    const computing = cpuTime();
    const before = activity();
    const look = (): void => {
      const took = systemTime() - begin;
      // The platform does not list what its other threads compute (`crypto.pbkdf2`); but that takes their time.
      // Nor what would not keep it alive.
      const unlisted = this.unlisted(took);
      const busy = this.#isBusy(before) || cpuTime() - computing > took / 2 || unlisted;
      out.held += took / (busy && why === "foreign" ? BUSY_PATIENCE : 1);
      out.quietLooks = busy ? 0 : out.quietLooks + 1;
      if (out.held >= this.#patience || out.jumps > MOST_JUMPS) this.onStuck(why);
      else this.#holdFor(why, jump);
    };
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // While this runs the platform still lists the timer.
      this.#soonUnlessDisarmed(look);
    }, LOOK * 1000);
  }

  /**
   * Whether the process has more under way (requests, timers, sockets) than what is left of what it had when the run
   * began. @param earlier - what it had when the loop last had nothing to run.
   */
  #isBusy(earlier: ReadonlyMap<string, number>): boolean {
    const now = activity();
    for (const [kind, count] of this.#before) {
      // What ended since then woke nobody in the loop: it was the others'. It must not hide what begins later.
      const ended = Math.max(0, (earlier.get(kind) ?? 0) - (now.get(kind) ?? 0));
      this.#before.set(kind, Math.max(0, Math.min(count - ended, now.get(kind) ?? 0)));
    }
    for (const [kind, count] of now) if (count > (this.#before.get(kind) ?? 0)) return true;
    return false;
  }
}

/** The time that the process has computed, in seconds; 0 where the platform does not tell. */
function cpuTime(): Seconds {
  const process = (globalThis as { process?: { cpuUsage?(): { user: number; system: number } } }).process;
  const { user, system } = process?.cpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system) / 1e6;
}

/** What keeps the process alive, counted by kind; nothing where the platform does not tell. */
function activity(): Map<string, number> {
  const process = (globalThis as { process?: { getActiveResourcesInfo?(): string[] } }).process;
  const counts = new Map<string, number>();
  for (const kind of process?.getActiveResourcesInfo?.() ?? []) {
    if (kind !== "Immediate") counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
