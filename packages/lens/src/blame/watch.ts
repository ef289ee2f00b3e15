/** `watchBlocking`: who blocks the thread, on which line, for how long, and whether it computed or only slept. */
import { performance } from "node:perf_hooks";
import type { Frame } from "../trace.ts";
import { now } from "./clock.ts";
import { piecesOf, type Stretch } from "./evidence.ts";
import { Interrupts, isLate, type Interrupt } from "./interrupts.ts";
import { CpuProfiler, type Tick } from "./profile.ts";
import { Scripts } from "./scripts.ts";
import { maybeAtEntry } from "./stack.ts";
import { splitAmongLines, type Tile } from "./split.ts";
import type { ThreadTime } from "./thread-times.ts";
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

/** The thread was blocked. Times are seconds of `performance.now() / 1000`. */
export interface Blocked {
  readonly begin: number;
  readonly end: number;
  /** Whether the thread computed, or only slept. */
  readonly kind: "cpu" | "waiting";
  /** What `whose` said; null if it is not known. */
  readonly whose: number | null;
  /** The user's own line that is to blame; null if it could not be found out. */
  readonly blame: Frame | null;
  /** What that line called, if not only its own code ran: "execSync", "JSON.parse", "merge (lodash)". */
  readonly called: string | null;
  /** The whole stack, innermost first. */
  readonly stack: readonly Frame[];
  /** The source lines around the blamed one, if they could be read; `first` is the number of the first. */
  readonly source: { readonly first: number; readonly lines: readonly string[] } | null;
}

/** Starts watching the main thread of this process. It never keeps the process alive. */
export function watchBlocking(options: BlockWatchOptions): BlockWatch {
  return new Watch(options);
}

/** So many stretches are kept, and so many ticks of the profiler for one. */
const MAX_STRETCHES = 1000;
const MAX_TICKS = 20_000;

/** A profile that is older than this, in seconds, is cut off: the lines in it are sums over its time. */
const PROFILE_AGE = 0.1;

const immediate = setImmediate;
const clearImmediately = clearImmediate;
const { nodeTiming } = performance;
const idleTime = (): number => nodeTiming.idleTime / 1000;

interface FoundStretch extends Stretch {
  readonly time: ThreadTime | null;
}

class Watch implements BlockWatch {
  readonly #threshold: number;
  /** Seconds between interrupts. */
  readonly #interval: number;
  readonly #turns: Turns;
  readonly #interrupts: Interrupts | null;
  readonly #profiler: CpuProfiler | null;
  #found: FoundStretch[] = [];

  // What was seen since the loop last came round.
  #steps: { begin: number; end: number }[] = [];
  #seen: Interrupt[] = [];
  #ticks: Tick[] = [];
  #profileBegin: number;
  /** Whether the profiler was needed for what is in the current profile. */
  #profileCounts = false;
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
    if (isLate(interrupt) || interrupt.frames.slice(0, 1).some(maybeAtEntry)) this.#profileCounts = true;
    const { current } = this.#turns;
    const taken = current === null ? 0 : interrupt.served - current;
    if (interrupt.served - this.#profileBegin > Math.max(PROFILE_AGE, taken / 20)) this.#cutProfile();
    // A stretch of any length is interrupted some hundred times: 1 % of its length is precise enough.
    return interrupt.idle ? 0 : Math.max(this.#interval, taken / 100) * 1000;
  };

  #cutProfile(): void {
    const ticks = orNull(() => this.#profiler?.cut()) ?? [];
    if (this.#profileCounts && this.#ticks.length < MAX_TICKS) this.#ticks.push(...ticks);
    this.#profileBegin = now();
    this.#profileCounts = false;
  }

  /** The loop has come round. An immediate that isn't counted runs once a turn, and lets the loop sleep. */
  readonly #onRound = (): void => {
    this.#endRound();
    this.#beginRound();
  };

  #beginRound(): void {
    this.#steps = [];
    this.#seen = [];
    this.#ticks = [];
    this.#roundBegin = now();
    this.#roundIdle = idleTime();
    this.#immediate = immediate(this.#onRound).unref();
  }

  #endRound(): void {
    const time = now();
    // The loop may have slept before the turn, or after it.
    const idle = idleTime() - this.#roundIdle;
    const turns = this.#turns.take([this.#roundBegin + idle, this.#roundBegin]);
    const stretches = [...this.#steps, ...turns.flatMap((turn) => this.#outsideSteps(turn))]
      .filter(({ begin, end }) => this.#isBlocked(begin, end))
      .sort((a, b) => a.begin - b.begin);
    if (stretches.length > 0) {
      this.#profileCounts = true;
      this.#cutProfile();
    } else if (time - this.#profileBegin > PROFILE_AGE) {
      this.#cutProfile();
    }
    for (const { begin, end } of stretches) {
      const interrupts = this.#seen.filter(({ asked, served }) => served > begin - this.#interval && asked < end);
      const ticks = this.#ticks.filter((tick) => tick.time > begin && tick.time <= end);
      this.#found.push({ begin, end, interrupts, ticks, time: this.#interrupts?.times.between(begin, end) ?? null });
    }
    if (this.#found.length > MAX_STRETCHES) this.#found.splice(0, this.#found.length - MAX_STRETCHES);
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

  /** Time in which the machine ran others instead isn't the program's fault. */
  #isBlocked(begin: number, end: number): boolean {
    const delayed = end - begin < this.#threshold ? 0 : (this.#interrupts?.times.between(begin, end)?.delayed ?? 0);
    return end - begin - delayed >= this.#threshold;
  }

  #explain(stretch: FoundStretch, scripts: Scripts): Blocked[] {
    const tiles = splitAmongLines(piecesOf(stretch, this.#interval, scripts), this.#threshold / 2);
    return tiles.filter(isOfProgram).map((tile) => blocked(tile, this.#kind(tile, stretch), scripts));
  }

  #kind({ begin, end }: Tile, stretch: FoundStretch): "cpu" | "waiting" {
    const time = this.#interrupts?.times.between(begin, end) ?? stretch.time;
    if (time === null) return "cpu";
    return time.ran >= (end - begin - time.delayed) / 2 ? "cpu" : "waiting";
  }
}

/** What Node does on its own account, such as loading the program, isn't the program's. */
function isOfProgram({ blame }: Tile): boolean {
  return blame !== null;
}

function blocked(tile: Tile, kind: "cpu" | "waiting", scripts: Scripts): Blocked {
  const { begin, end, whose, blame, called, stack } = tile;
  const frame = blame === null ? null : scripts.frame(blame);
  return {
    begin,
    end,
    kind,
    whose,
    blame: frame,
    called,
    stack: stack.map((raw) => scripts.frame(raw)),
    source: blame === null || frame === null ? null : scripts.source(blame, frame),
  };
}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}
