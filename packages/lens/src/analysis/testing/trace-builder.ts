/** Small traces, written by hand: what a test is about stands in it, the rest is made up. */
import type {
  BlockedStretch,
  Frame,
  Passage,
  Trace,
  TraceError,
  TraceProgram,
  TraceStep,
  TraceTask,
} from "../../trace.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The line that is blamed unless a test says otherwise. */
export const LINE: Frame = { function: "sleep", file: "/home/me/examples/blocking.ts", line: 6, column: 11 };

export class TraceBuilder {
  readonly #program: Open<TraceProgram> = {
    file: "examples/blocking.ts",
    args: [],
    cwd: "/home/me",
    pid: 1,
    node: "v26.0.0",
    platform: "linux",
    cores: 2,
    startedAt: 0,
    virtual: false,
    exitCode: 0,
    startup: 0,
    threshold: 0.1,
  };
  readonly #tasks: Open<TraceTask>[] = [];
  readonly #steps: TraceStep[] = [];
  readonly #blocked: BlockedStretch[] = [];
  readonly #passages: Passage[] = [];
  readonly #errors: TraceError[] = [];
  #dropped = { steps: 0, tasks: 0, passages: 0, completeFrom: 0 };

  program(change: Partial<TraceProgram>): this {
    Object.assign(this.#program, change);
    return this;
  }

  /** @returns the task's id. It is pending until it has a step that ends with "done". */
  task(name: string, change: Partial<TraceTask> = {}): number {
    const id = this.#tasks.length + 1;
    this.#tasks.push({
      id,
      name,
      coro: name.toLowerCase(),
      parent: null,
      made: 0,
      madeAt: null,
      done: null,
      outcome: "pending",
      error: null,
      waitsFor: null,
      waitsForTasks: [],
      ...change,
    });
    return id;
  }

  change(task: number, change: Partial<TraceTask>): this {
    Object.assign(this.#tasks[task - 1]!, change);
    return this;
  }

  /**
   * A step, made by nothing that is known and ready at once unless `change` says otherwise.
   * @returns its index.
   */
  step(task: number | null, begin: number, end: number, change: Partial<TraceStep> = {}): number {
    this.#steps.push({
      task,
      callback: task === null ? "callback" : "",
      begin,
      end,
      ready: begin,
      cause: "made",
      by: -1,
      timerSet: 0,
      timerWhen: 0,
      then: "wait",
      on: "",
      onTask: null,
      at: null,
      ...change,
    });
    const record = task === null ? undefined : this.#tasks[task - 1];
    if (record !== undefined && change.then === "done") {
      record.done = end;
      if (record.outcome === "pending") record.outcome = "result";
    }
    return this.#steps.length - 1;
  }

  /** The thread sleeps from begin to end, in a step or outside. */
  blocks(step: number | null, begin: number, end: number, change: Partial<BlockedStretch> = {}): this {
    this.#blocked.push({
      begin,
      end,
      kind: "waiting",
      step,
      task: step === null ? null : (this.#steps[step]?.task ?? null),
      blame: LINE,
      called: "Atomics.wait",
      stack: [LINE],
      source: null,
      ...change,
    });
    return this;
  }

  /** As {@link blocks}, but it computes. */
  computes(step: number | null, begin: number, end: number, change: Partial<BlockedStretch> = {}): this {
    return this.blocks(step, begin, end, { kind: "cpu", called: null, ...change });
  }

  /** Something that was there already was awaited in `step`: it came about in the step `by`. */
  passes(step: number, at: number, by: number, byAt: number): this {
    this.#passages.push({ step, at, kind: "passed", by, byAt, resource: -1, waited: false, free: 0 });
    return this;
  }

  /** A lock, or a slot of a semaphore, was taken: so many are free now. */
  acquires(step: number, at: number, resource: number, free: number, waited = false): this {
    this.#passages.push({ step, at, kind: "acquired", by: -1, byAt: 0, resource, waited, free });
    return this;
  }

  releases(step: number, at: number, resource: number, free: number): this {
    this.#passages.push({ step, at, kind: "released", by: -1, byAt: 0, resource, waited: false, free });
    return this;
  }

  error(message: string, error: string | null = null, task: number | null = null): this {
    this.#errors.push({ at: 0, message, error, task });
    return this;
  }

  drop(steps: number, completeFrom: number): this {
    this.#dropped = { steps, tasks: 0, passages: 0, completeFrom };
    return this;
  }

  /** @param duration - by default the end of the last step. */
  trace(duration: number = this.#steps.reduce((latest, { end }) => Math.max(latest, end), 0)): Trace {
    return {
      format: "turnwise-trace",
      version: 1,
      program: this.#program,
      duration,
      tasks: this.#tasks,
      steps: this.#steps,
      blocked: this.#blocked,
      passages: this.#passages,
      errors: this.#errors,
      sources: [],
      dropped: this.#dropped,
    };
  }
}

/** The notes' second program: A (two blocking sleeps of a second) and B (three), made and awaited by main. 5.0 s. */
export function notesProgram(): Trace {
  const run = new TraceBuilder();
  const main = run.task("main");
  const a = run.task("A", { parent: main });
  const b = run.task("B", { parent: main });
  const start = run.step(main, 0, 0, { then: "wait", on: "a future" });
  const stepA = run.step(a, 0, 2, { by: start, ready: 0, then: "done" });
  run.blocks(stepA, 0, 1).blocks(stepA, 1, 2);
  const stepB = run.step(b, 2, 5, { by: start, ready: 0, then: "done" });
  run.blocks(stepB, 2, 3).blocks(stepB, 3, 4).blocks(stepB, 4, 5);
  run.step(main, 5, 5, { cause: "woken", by: stepB, ready: 5, then: "done" });
  return run.trace();
}
