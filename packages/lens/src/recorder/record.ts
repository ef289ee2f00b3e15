/** `record`: from now on every loop of this process is recorded, and whatever blocks the thread. */
import { availableParallelism } from "node:os";
import type { EventLoop, ExceptionContext } from "turnwise";
import { addInstrument, removeInstrument } from "turnwise/instrument";
import { withForeignCode } from "../analysis/foreign-code.ts";
import type { Blocked } from "../blame/blocked.ts";
import { watchVirtualBlocking } from "../blame/virtual-watch.ts";
import { type BlockWatch, watchBlocking } from "../blame/watch.ts";
import { look } from "../live/look.ts";
import type { SnapshotTask } from "../live/snapshot.ts";
import type { BlockedStretch, Trace, TraceError, TraceProgram, TraceStep, TraceTask } from "../trace.ts";
import { LoopRecorder } from "./loop-recorder.ts";
import { frameOf } from "./frames.ts";
import { NodeTimers } from "./node-timers.ts";
import { nothingElse } from "./nothing-else.ts";
import { Places } from "./places.ts";
import { seconds } from "./step-ring.ts";
import { DEFAULT_STEPS, Store } from "./store.ts";

/** How to record. */
export interface RecordOptions {
  /** The program's file, as the person named it. */
  readonly file?: string | undefined;
  /** A step that takes longer, in seconds, counts as blocked; by default 0.1, as in asyncio. */
  readonly threshold?: number | undefined;
  /** How many steps are kept, the newest ones: a power of two. A quarter of a million by default. */
  readonly steps?: number | undefined;
  /** The clock is a virtual one: nothing takes time then but what waits for it. */
  readonly virtual?: boolean | undefined;
  /** Where each step ends and each task is made is recorded too, and the source text. It makes steps slower. */
  readonly lines?: boolean | undefined;
}

/** A recording that goes on. */
export interface Recording {
  /** Ctrl-C came: notes what each task waits for. What waits in a circle would be cancelled, and the circle be gone. */
  interrupted(): void;
  /** Ends it, and says what happened. Synchronous, so that it can be called while the process exits. */
  stop(exitCode: number | null): Trace;
}

/** So many errors are kept, the first ones. */
const MOST_ERRORS = 1_000;

/** What the recorder uses of the runtime's; see its `Registry`. */
interface RegistryLike {
  readonly loops: readonly EventLoop[];
  readonly originOf: (thing: object) => string | undefined;
  readonly currentTask: () => object | null;
}
const REGISTRIES: unique symbol = Symbol.for("turnwise") as never;
const HOOKS: unique symbol = Symbol.for("turnwise.hooks") as never;
const shared = globalThis as { [REGISTRIES]?: RegistryLike[]; [HOOKS]?: { loop?: (loop: EventLoop) => void } };
/** A program may put a clock of its own in its place. */
const clock = performance.now.bind(performance);
const registries = (): readonly RegistryLike[] => shared[REGISTRIES] ?? [];

/** Begins to record: loops that are there, and all that are made later. */
export function record(options: RecordOptions = {}): Recording {
  return new Recorder(options);
}

class Recorder implements Recording {
  readonly #options: RecordOptions;
  readonly #threshold: number;
  /** When the recording began, in milliseconds since 1970. */
  readonly #startedAt = Date.now();
  /** When the run began, on the loop's clock: not later than any time that is in the trace. */
  #begin = Infinity;
  /** By how many seconds the loop's clock is ahead of `performance.now()`: a virtual one has a beginning of its own. */
  #ahead = 0;
  readonly #store: Store;
  readonly #blocking: BlockWatch;
  /** Under a virtual clock nothing of Node's is late. */
  readonly #timers: NodeTimers | null;
  readonly #instruments = new WeakMap<EventLoop, LoopRecorder>();
  #stopped = false;
  /** With times on the loop's clock. */
  readonly #errors: TraceError[] = [];
  /** When a signal came, there was nothing besides the tasks that could have woken one. */
  #nothingElse = false;
  /** What tasks waited for when Ctrl-C came. */
  #waitedFor: ReadonlyMap<number, Pick<TraceTask, "waitsFor" | "waitsForTasks">> = new Map();

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#threshold = options.threshold ?? 0.1;
    this.#store = new Store(
      clock() / 1000,
      options.steps ?? DEFAULT_STEPS,
      originOf,
      options.lines === true ? currentTaskId : undefined,
    );
    const watch = options.virtual === true ? watchVirtualBlocking : watchBlocking;
    this.#blocking = watch({ threshold: this.#threshold, whose: currentTaskId });
    this.#timers = options.virtual === true ? null : new NodeTimers(currentTaskId, () => clock() / 1000);
    for (const { loops } of registries()) for (const loop of loops) this.#attach(loop);
    shared[HOOKS] = { ...shared[HOOKS], loop: (loop) => this.#attach(loop) };
  }

  #attach(loop: EventLoop): void {
    // The first loop is the program's; the runtime has one of its own, which never runs, on the real clock.
    const isFirst = this.#begin === Infinity;
    if (isFirst && this.#options.virtual === true) this.#ahead = loop.time() - clock() / 1000;
    this.#begin = Math.min(this.#begin, this.#now());
    const noteStep = (begin: number, end: number): void =>
      this.#blocking.noteStep(begin - this.#ahead, end - this.#ahead);
    const instrument = new LoopRecorder(this.#store, this.#threshold, noteStep);
    this.#instruments.set(loop, instrument);
    addInstrument(loop, instrument);
    // In front of the loop's own: what it is told is written down first.
    const handle = loop.callExceptionHandler.bind(loop);
    loop.callExceptionHandler = (context) => {
      if (!this.#stopped) this.#noteError(loop.time(), context);
      handle(context);
    };
  }

  #detach(time: number): void {
    this.#stopped = true;
    this.#store.lines?.stop();
    delete shared[HOOKS]?.loop;
    for (const { loops } of registries()) {
      for (const loop of loops) {
        const instrument = this.#instruments.get(loop);
        if (instrument === undefined) continue;
        removeInstrument(loop, instrument);
        instrument.stop(time);
      }
    }
  }

  /** On the loop's clock. */
  #now(): number {
    return clock() / 1000 + this.#ahead;
  }

  #noteError(time: number, { message, exception, task, future }: ExceptionContext): void {
    if (this.#errors.length >= MOST_ERRORS) return;
    const about = (task ?? future) as { readonly _id?: number } | undefined;
    this.#errors.push({
      at: time,
      message,
      error: exception === undefined ? null : String(exception),
      task: about?._id ?? null,
    });
  }

  interrupted(): void {
    this.#nothingElse = nothingElse();
    this.#waitedFor = new Map(look(MANY).tasks.map((task) => [task.id, waitOf(task)]));
  }

  stop(exitCode: number | null): Trace {
    const { steps: ring, finished, passages, strings } = this.#store;
    const end = this.#now();
    if (exitCode === null && this.#waitedFor.size === 0) this.#nothingElse = nothingElse();
    this.#detach(end);
    const blocked = this.#blocking.stop().map((stretch) => ({
      ...stretch,
      begin: stretch.begin + this.#ahead,
      end: stretch.end + this.#ahead,
    }));
    const begin = Math.min(this.#begin, blocked[0]?.begin ?? Infinity);
    this.#begin = begin === Infinity ? this.#store.start + this.#ahead : begin;
    using places = new Places(strings, this.#store.lines !== null);
    for (const lost of this.#store.lostErrors()) this.#noteLost(lost, end);
    const done = finished
      .read(this.#begin, strings, places.frame)
      .map((task) => ({ ...task, ...this.#waitedFor.get(task.id) }));
    const tasks = [...done, ...this.#pendingTasks(places)].sort((a, b) => a.made - b.made);
    const names = new Map(tasks.map(({ id, name }) => [id, name]));
    const steps = ring.read(this.#begin, strings, places.frame).map((step) => withTaskName(step, names));
    const stretches = blocked.map((stretch) => this.#stretchOf(stretch, steps));
    const trace: Trace = {
      format: "turnwise-trace",
      version: 1,
      program: this.#program(exitCode),
      duration: this.#since(end),
      tasks,
      steps,
      passages: passages.read(this.#begin, ring.dropped, steps.length),
      blocked: stretches,
      errors: this.#errors.map((error) => ({ ...error, at: this.#since(error.at) })),
      sources: this.#store.lines === null ? [] : places.sources(stretches.map(({ blame }) => blame)),
      dropped: {
        steps: ring.dropped,
        tasks: finished.dropped,
        passages: passages.droppedSince(ring.dropped),
        completeFrom: ring.dropped === 0 ? 0 : (steps[0]?.begin ?? 0),
      },
    };
    return withForeignCode(trace, this.#timers?.stop(this.#begin - this.#ahead));
  }

  /** A failed task whose exception nobody asked for, and of which the loop had no occasion to tell. */
  #noteLost({ id, error }: { readonly id: number; readonly error: string }, end: number): void {
    if (this.#errors.some(({ task }) => task === id)) return;
    const message = "Task exception was never retrieved";
    this.#errors.push({ at: end, message, error, task: id });
  }

  /** On the trace's clock. */
  #since(time: number): number {
    return seconds(Math.max(0, time - this.#begin));
  }

  #pendingTasks(places: Places): TraceTask[] {
    const { live, lines } = this.#store;
    return look(MANY).tasks.map((task) => {
      const slot = live.find(task.id);
      const parent = slot < 0 ? 0 : live.parent(slot);
      return {
        id: task.id,
        name: task.name,
        coro: task.coro,
        parent: parent === 0 ? null : parent,
        made: slot < 0 ? 0 : this.#since(live.made(slot)),
        madeAt: lines === null ? frameOf(`at ${task.madeAt}`) : places.frame(lines.madeAt(task.id)),
        done: null,
        outcome: "pending",
        error: null,
        ...waitOf(task),
      };
    });
  }

  #stretchOf({ whose, ...stretch }: Blocked, steps: readonly TraceStep[]): BlockedStretch {
    const begin = this.#since(stretch.begin);
    const end = this.#since(stretch.end);
    const index = stepAt(steps, (begin + end) / 2);
    const step = index < 0 ? null : index;
    return { ...stretch, begin, end, step, task: step === null ? whose : (steps[step] as TraceStep).task };
  }

  #program(exitCode: number | null): TraceProgram {
    const startup = seconds(this.#begin - this.#ahead - this.#store.start);
    return {
      file: this.#options.file ?? process.argv[1] ?? null,
      args: process.argv.slice(2),
      cwd: process.cwd(),
      pid: process.pid,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      startedAt: this.#startedAt + Math.round(startup * 1000),
      startup,
      virtual: this.#options.virtual ?? false,
      exitCode,
      ...(this.#nothingElse ? { nothingElse: true as const } : {}),
      threshold: this.#threshold,
    };
  }
}

/** In place of what a task waits for, if the process ends while its code runs. */
const RUNNING = "nothing: its code ran";

/** Tasks of which the trace says what they wait for. */
const MANY = Number.MAX_SAFE_INTEGER;

/** A task that needs only one of several is not held up by each of them. */
function waitOf({ state, on, onTasks, needs }: SnapshotTask): Pick<TraceTask, "waitsFor" | "waitsForTasks"> {
  const needed = needs === "all" || onTasks.length === 1 ? onTasks : [];
  const words = on === "" ? null : on;
  return { waitsFor: state === "running" ? RUNNING : words, waitsForTasks: needed };
}

/** The index of the step that was in progress at `time`; -1 if none was. */
function stepAt(steps: readonly TraceStep[], time: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as TraceStep).begin <= time) low = middle + 1;
    else high = middle;
  }
  return low > 0 && (steps[low - 1] as TraceStep).end >= time ? low - 1 : -1;
}

function withTaskName(step: TraceStep, names: ReadonlyMap<number, string>): TraceStep {
  if (step.onTask === null) return step;
  return { ...step, on: `the task ${names.get(step.onTask) ?? `Task-${step.onTask}`}` };
}

function currentTaskId(): number | null {
  for (const { currentTask } of registries()) {
    const task = currentTask() as { readonly _id: number } | null;
    if (task !== null) return task._id;
  }
  return null;
}

function originOf(task: object): string | undefined {
  for (const registry of registries()) {
    const origin = registry.originOf(task);
    if (origin !== undefined) return origin;
  }
  return undefined;
}
