/**
 * `Moments`: what the loop held at any moment of a recorded run: who had the baton, what was ready, which timers were
 * set, who waited. Everything comes from the trace. It is indexed once; then a moment takes logarithmic time.
 *
 * A moment is a time, and how many steps had begun by then: under a virtual clock many steps happen at one time.
 */
import type { Frame, Trace } from "../../../../lens/src/trace.ts";
import { collect, LeastTree } from "./least-tree.ts";
import { Order } from "./order.ts";
import { StepLinks } from "./step-links.ts";

export interface Moment {
  readonly time: number;
  /** The last step that had begun: an index into the trace's steps; -1 before the first. */
  readonly step: number;
  /** Whether that step had the baton. If not, no task and no callback ran. */
  readonly isRunning: boolean;
  /** The blocked stretch that went on, perhaps outside every step: an index; -1 for none. */
  readonly blocked: number;
  /**
   * The line of the user's that ran, as far as it is known: the one that blocked; or else the one at which the step came
   * to its end; or else the one from which it went on.
   */
  readonly line: Frame | null;
  /** Where the task went on from: where its step before had ended. */
  readonly resumedAt: Frame | null;
  /** The ready queue: the steps that were to run next, in their order. */
  readonly ready: Listing;
  /** Tasks that were ready, and had still not begun when the recording ended: they come behind `ready`. Indices of tasks. */
  readonly unbegun: Listing;
  /** The timers that were set, the earliest first: the steps that they made ready later on. */
  readonly timers: Listing;
  /** The tasks that waited, the longest first: the steps after which they did. */
  readonly waiting: Listing;
}

/** Of many only the first are named. */
export interface Listing {
  readonly count: number;
  readonly first: readonly number[];
}

/** How many are named in a listing, unless it is said otherwise. */
const MOST = 50;

export class Moments {
  readonly trace: Trace;
  readonly #begin: Float64Array;
  readonly #links: StepLinks;
  /** When each step became ready. */
  readonly #ready: Order;
  readonly #readyTree: LeastTree;
  /** When the wait after each step was over. */
  readonly #woken: Order;
  readonly #wokenTree: LeastTree;
  /** The steps that timers made ready, by when these were due; and when each was set, and over. */
  readonly #timers: Int32Array;
  readonly #set: Order;
  readonly #setTree: LeastTree;
  readonly #fired: Order;
  readonly #firedTree: LeastTree;
  /** Tasks without a step, by when they were made. */
  readonly #unbegun: readonly number[];

  constructor(trace: Trace) {
    this.trace = trace;
    const { steps, tasks, dropped } = trace;
    this.#begin = Float64Array.from(steps, ({ begin }) => begin);
    const links = (this.#links = new StepLinks(trace));

    this.#ready = new Order(links.readyTime, links.readyAfter);
    this.#readyTree = new LeastTree(this.#ready.rank);
    this.#woken = new Order(links.wokenTime, links.wokenAfter);
    this.#wokenTree = new LeastTree(this.#woken.rank.map((rank) => -rank));

    const timers = steps.flatMap(({ cause }, step) => (cause === "timer" ? [step] : []));
    timers.sort((a, b) => steps[a]!.timerWhen - steps[b]!.timerWhen || a - b);
    this.#timers = Int32Array.from(timers);
    this.#set = new Order(
      Float64Array.from(timers, (step) => Math.min(steps[step]!.timerSet, links.readyTime[step]!)),
      Int32Array.from(timers, (step) => Math.min(steps[step]!.by, links.readyAfter[step]!)),
    );
    this.#setTree = new LeastTree(this.#set.rank);
    this.#fired = new Order(
      Float64Array.from(timers, (step) => links.readyTime[step]!),
      Int32Array.from(timers, (step) => links.readyAfter[step]!),
    );
    this.#firedTree = new LeastTree(this.#fired.rank.map((rank) => -rank));

    const isUnbegun = (task: number): boolean =>
      tasks[task]!.done === null &&
      links.firstOf[task]! < 0 &&
      (dropped.steps === 0 || tasks[task]!.made >= dropped.completeFrom);
    this.#unbegun = tasks
      .flatMap((_, task) => (isUnbegun(task) ? [task] : []))
      .sort((a, b) => tasks[a]!.made - tasks[b]!.made);
  }

  /** The task of a step: an index; -1 for a callback. */
  taskOf(step: number): number {
    return this.#links.task[step]!;
  }

  /** Whether no other step of its task follows. */
  isLastOfTask(step: number): boolean {
    return this.#links.next[step]! < 0;
  }

  /** The moment at a time; with several steps at that time, after the last of them has begun. */
  at(time: number, most: number = MOST): Moment {
    return this.#moment(time, this.lastBegun(time), most);
  }

  /** The moment at which a step begins. */
  atStep(step: number, most: number = MOST): Moment {
    return this.#moment(this.#begin[step]!, step, most);
  }

  /** The last step that has begun at a time; -1 if none has. */
  lastBegun(time: number): number {
    let [low, high] = [0, this.#begin.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#begin[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #moment(time: number, step: number, most: number): Moment {
    const { steps, blocked: stretches } = this.trace;
    const current = steps[step];
    const isRunning =
      current !== undefined && (time < current.end || (time === current.begin && current.begin === current.end));
    const blocked = this.#blockedAt(time);
    const before = isRunning ? this.#links.previous[step]! : -1;
    const resumedAt = steps[before]?.at ?? null;
    return {
      time,
      step,
      isRunning,
      blocked,
      line: stretches[blocked]?.blame ?? (isRunning ? (current.at ?? resumedAt) : null),
      resumedAt,
      ready: this.#readyAt(time, step, isRunning, most),
      unbegun: this.#unbegunAt(time, most),
      timers: this.#timersAt(time, step, most),
      waiting: this.#waitingAt(time, step, isRunning, most),
    };
  }

  #readyAt(time: number, step: number, isRunning: boolean, most: number): Listing {
    const known = this.#ready.count(time, step);
    // Who was woken while it still runs is ready once it has given the baton back.
    const own = isRunning ? this.#links.next[step]! : -1;
    const isOwn = own >= 0 && this.#ready.rank[own]! < known;
    const found = collect([{ tree: this.#readyTree, below: known }], step + 1, this.#begin.length, most + 1);
    return {
      count: known - (step + 1) - (isOwn ? 1 : 0),
      first: found.filter((one) => one !== own).slice(0, most),
    };
  }

  #unbegunAt(time: number, most: number): Listing {
    const { tasks } = this.trace;
    let [low, high] = [0, this.#unbegun.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tasks[this.#unbegun[middle]!]!.made <= time) low = middle + 1;
      else high = middle;
    }
    return { count: low, first: this.#unbegun.slice(0, Math.min(low, most)) };
  }

  #timersAt(time: number, step: number, most: number): Listing {
    const set = this.#set.count(time, step);
    const fired = this.#fired.count(time, step);
    const conditions = [
      { tree: this.#setTree, below: set },
      { tree: this.#firedTree, below: 1 - fired },
    ];
    const found = collect(conditions, 0, this.#timers.length, most);
    return { count: set - fired, first: found.map((index) => this.#timers[index]!) };
  }

  #waitingAt(time: number, step: number, isRunning: boolean, most: number): Listing {
    const woken = this.#woken.count(time, step);
    const isOwn = isRunning && this.#woken.rank[step]! >= woken;
    const found = collect([{ tree: this.#wokenTree, below: 1 - woken }], 0, isRunning ? step : step + 1, most);
    return { count: step + 1 - woken - (isOwn ? 1 : 0), first: found };
  }

  #blockedAt(time: number): number {
    const { blocked } = this.trace;
    let [low, high] = [0, blocked.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (blocked[middle]!.end > time) high = middle;
      else low = middle + 1;
    }
    return low < blocked.length && blocked[low]!.begin <= time ? low : -1;
  }
}
