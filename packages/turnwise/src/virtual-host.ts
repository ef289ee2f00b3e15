/** The virtual clock: time that jumps to the next deadline when nothing is ready. */
import { type Host, type IdleState, systemTime } from "./host.ts";
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
  readonly #patience: Seconds;
  /** What kept the process busy when the run began: that is the test runner's, and not the program's. */
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
    else if (this.#isBusy()) this.#holdFor("deadlock", null);
    else this.onStuck("deadlock");
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
    soon(() => {
      if (request === this.#request) callback();
    });
  }

  /**
   * Lets real time pass until the loop has something to run. If all the while the process has nothing under way, the
   * foreign promise waits for the clock itself (an async function that another task began): then time jumps.
   */
  #holdFor(why: Stuck, jump: (() => void) | null): void {
    const out = this.#out;
    if (jump !== null && out.quietLooks >= QUIET_LOOKS && out.jumps++ < MOST_JUMPS) {
      this.#soonUnlessDisarmed(jump);
      return;
    }
    const begin = systemTime();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const busy = this.#isBusy();
      out.held += (systemTime() - begin) / (busy && why === "foreign" ? BUSY_PATIENCE : 1);
      out.quietLooks = busy ? 0 : out.quietLooks + 1;
      if (out.held >= this.#patience || out.jumps > MOST_JUMPS) this.onStuck(why);
      else this.#holdFor(why, jump);
    }, LOOK * 1000);
  }

  /** Whether the process has more under way (requests, timers, sockets) than when the run began. */
  #isBusy(): boolean {
    for (const [kind, count] of activity()) if (count > (this.#before.get(kind) ?? 0)) return true;
    return false;
  }
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
