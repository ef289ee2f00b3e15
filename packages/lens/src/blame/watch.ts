/** `watchBlocking`: who blocks the thread, on which line, for how long, and whether it computed or only slept. */
import { performance } from "node:perf_hooks";
import { type Blocked, blockedBy } from "./blocked.ts";
import { now } from "./clock.ts";
import { piecesOf, type Stretch } from "./evidence.ts";
import { FrameTable } from "./frame-table.ts";
import { Interrupts, type Interrupt } from "./interrupts.ts";
import { CpuProfiler, readProfile, type Profile } from "./profile.ts";
import { Scripts } from "./scripts.ts";
import { splitAmongLines, type Tile } from "./split.ts";
import { timesBetween, type Reading } from "./thread-times.ts";
import { Turns } from "./turns.ts";

export interface BlockWatchOptions {
  /** Seconds; longer than this counts as blocked. */
  readonly threshold: number;
  /** Called inside the interrupted code: whose code it is (a task's id), or null. */
  readonly whose?: () => number | null;
}

export interface BlockWatch {
  /**
   * A step of the loop took from `begin` to `end` (seconds of `performance.now() / 1000`), at least the threshold. To be
   * called right at its end.
   */
  noteStep(begin: number, end: number): void;
  /**
   * Stops watching and says what blocked, in order: in the steps that were noted, and in turns of the host's loop outside
   * of them. Works in `process.on("exit")`, too. Of a long run it knows the last 1,000 stretches.
   */
  stop(): Blocked[];
}

/** Starts watching the main thread of this process. It never keeps the process alive. */
export function watchBlocking(options: BlockWatchOptions): BlockWatch {
  return new Watch(options);
}

/**
 * So many stretches are kept, the newest, and so many profiles are read for one. A stretch takes 15 to 35 kB: it's looked
 * at some hundred times at most for each factor of e in its length, and equal stacks are kept once. What is seen between
 * stretches is forgotten with each round of the loop.
 */
const MAX_STRETCHES = 1000;
const MAX_PROFILES = 200;

/**
 * A profile that is older than this, in seconds, is cut off: the lines in it are sums over its time. Each cut takes a
 * millisecond or two where much is going on, so within a turn it's done only once that seems to become a long one.
 */
const PROFILE_AGE = 1;
const PROFILE_AGE_IN_TURN = 0.1;

const immediate = setImmediate;
const clearImmediately = clearImmediate;
const { nodeTiming } = performance;
const idleTime = (): number => nodeTiming.idleTime / 1000;

interface FoundStretch extends Stretch {
  /** It was noted as a step; else it was found. */
  readonly isStep: boolean;
  /** The thread's times then. */
  readonly readings: readonly Reading[];
}

class Watch implements BlockWatch {
  readonly #threshold: number;
  /** Seconds between interrupts. */
  readonly #interval: number;
  readonly #turns: Turns;
  readonly #interrupts: Interrupts | null;
  readonly #profiler: CpuProfiler | null;
  readonly #frames = new FrameTable();
  #found: FoundStretch[] = [];

  // What was seen since the loop last came round.
  #steps: { begin: number; end: number }[] = [];
  #seen: Interrupt[] = [];
  #profiles: Profile[] = [];
  #profileBegin: number;
  #roundBegin = 0;
  #roundIdle = 0;
  #immediate: NodeJS.Immediate | null = null;
  #stopped = false;

  constructor({ threshold, whose = () => null }: BlockWatchOptions) {
    this.#threshold = threshold;
    this.#interval = Math.min(0.025, Math.max(0.002, threshold / 10));
    this.#profiler = orNull(() => new CpuProfiler());
    this.#turns = new Turns(this.#interval);
    this.#interrupts = orNull(() => new Interrupts(this.#interval * 1000, whose, this.#onInterrupt));
    this.#profileBegin = now();
    // What it took to start all this is no turn of the program's.
    this.#beginRound();
  }

  noteStep(begin: number, end: number): void {
    this.#steps.push({ begin, end });
  }

  stop(): Blocked[] {
    if (this.#stopped) return [];
    this.#endRound();
    this.#stopped = true;
    if (this.#immediate !== null) clearImmediately(this.#immediate);
    this.#interrupts?.stop();
    orNull(() => this.#profiler?.stop());
    const found = this.#found;
    this.#found = [];
    if (found.length === 0) return [];
    const scripts = new Scripts();
    try {
      return found.flatMap((stretch) => this.#explain(stretch, scripts));
    } finally {
      scripts.close();
    }
  }

  /** @returns after how many milliseconds to interrupt again; 0 if the thread is idle. */
  readonly #onInterrupt = (interrupt: Interrupt): number => {
    this.#turns.note(interrupt);
    this.#seen.push(interrupt);
    const { current } = this.#turns;
    const taken = current === null ? 0 : interrupt.served - current;
    const age = interrupt.served - this.#profileBegin;
    if (taken > this.#threshold / 2 && age > Math.max(PROFILE_AGE_IN_TURN, taken / 20)) this.#cutProfile();
    // A stretch of any length is interrupted some hundred times: 1 % of its length is precise enough.
    return interrupt.idle ? 0 : Math.max(this.#interval, taken / 100) * 1000;
  };

  #cutProfile(): void {
    const profile = orNull(() => this.#profiler?.cut()) ?? null;
    if (profile !== null && this.#profiles.length < MAX_PROFILES) this.#profiles.push(profile);
    this.#profileBegin = now();
  }

  /** The loop has come round. An immediate that isn't counted runs once a turn, and lets the loop sleep. */
  readonly #onRound = (): void => {
    this.#endRound();
    this.#beginRound();
  };

  #beginRound(): void {
    this.#steps = [];
    this.#seen = [];
    this.#profiles = [];
    this.#roundBegin = now();
    this.#roundIdle = idleTime();
    this.#immediate = immediate(this.#onRound).unref();
  }

  #endRound(): void {
    // The loop may have slept before the turn, or after it.
    const idle = idleTime() - this.#roundIdle;
    const turns = this.#turns.take([this.#roundBegin + idle, this.#roundBegin]);
    if (turns.length === 0 && this.#steps.length === 0) return this.#forget();
    const candidates = [
      ...this.#steps.map((step) => ({ ...step, isStep: true })),
      ...turns.flatMap((turn) => this.#outsideSteps(turn)).map((turn) => ({ ...turn, isStep: false })),
    ];
    const long = candidates
      .filter(({ begin, end }) => end - begin >= this.#threshold)
      .sort((a, b) => a.begin - b.begin);
    if (long.length === 0) return this.#forget();
    this.#cutProfile();
    const allTicks = this.#profiles.flatMap(readProfile);
    for (const { begin, end, isStep } of long) {
      const readings = this.#interrupts?.times(begin) ?? [];
      // A short step that the machine interrupted for the sake of others isn't the program's fault.
      const delayed = timesBetween(readings, begin, end)?.delayed ?? 0;
      if (end - begin - delayed < this.#threshold / 2) continue;
      const interrupts = this.#seen
        .filter(({ asked, served }) => served > begin - this.#interval && asked < end)
        .map((interrupt) => ({ ...interrupt, frames: this.#frames.share(interrupt.frames) }));
      const ticks = allTicks.filter((tick) => tick.time > begin && tick.time <= end);
      this.#found.push({ begin, end, isStep, interrupts, ticks, readings });
    }
    if (this.#found.length > MAX_STRETCHES) this.#found.splice(0, this.#found.length - MAX_STRETCHES);
  }

  /** Nothing has blocked: what the profiler and the interrupts saw isn't needed. */
  #forget(): void {
    if (now() - this.#profileBegin > PROFILE_AGE) this.#cutProfile();
    this.#interrupts?.forget();
  }

  /** What is left of a turn without the steps that were noted, for those tell more. */
  #outsideSteps({ begin, end }: { begin: number; end: number }): { begin: number; end: number }[] {
    const rest: { begin: number; end: number }[] = [];
    let at = begin;
    for (const step of this.#steps) {
      if (step.end <= at || step.begin >= end) continue;
      if (step.begin > at) rest.push({ begin: at, end: step.begin });
      at = step.end;
    }
    if (at < end) rest.push({ begin: at, end });
    return rest;
  }

  #explain(stretch: FoundStretch, scripts: Scripts): Blocked[] {
    const pieces = piecesOf(stretch, this.#interval, scripts);
    const tiles = splitAmongLines(pieces, this.#threshold / 2, (raw) => scripts.frame(raw).line);
    // What Node and Turnwise do on their own account, such as loading the program or making a loop, isn't the program's.
    const ofProgram = stretch.isStep
      ? tiles
      : tiles.filter(({ blame, called }) => blame !== null && called?.endsWith("(turnwise)") !== true);
    const total = ofProgram.reduce((sum, { begin, end }) => sum + (end - begin), 0);
    if (!stretch.isStep && total < this.#threshold) return [];
    return ofProgram.map((tile) => blockedBy(tile, kindOf(tile, stretch), scripts));
  }
}

function kindOf({ begin, end }: Tile, { readings }: FoundStretch): "cpu" | "waiting" {
  const times = timesBetween(readings, begin, end);
  return times === null || times.ran >= (end - begin - times.delayed) / 2 ? "cpu" : "waiting";
}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}
