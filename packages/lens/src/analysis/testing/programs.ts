/** Programs of a few operations, and what a recorder would note of them: the truth that predictions are held against. */
import fc from "fast-check";
import type { BlockedStretch, Trace, TraceStep } from "../../trace.ts";
import { TimeHeap } from "../heap.ts";
import { TraceBuilder } from "./trace-builder.ts";

export type Operation =
  | { readonly does: "work" | "block" | "compute" | "sleep" | "outside"; readonly seconds: number }
  | { readonly does: "turn" | "join" | "cancel" }
  | { readonly does: "spawn"; readonly program: readonly Operation[] };

export const work = (seconds: number): Operation => ({ does: "work", seconds });
/** Sleeps without letting others run. */
export const block = (seconds: number): Operation => ({ does: "block", seconds });
/** Works so long that it counts as blocked. */
export const compute = (seconds: number): Operation => ({ does: "compute", seconds });
export const sleep = (seconds: number): Operation => ({ does: "sleep", seconds });
/** Waits for something from outside that comes after so many seconds. */
export const outside = (seconds: number): Operation => ({ does: "outside", seconds });
/** Gives the others a turn. */
export const turn: Operation = { does: "turn" };
/** Waits for all the task's children. */
export const join: Operation = { does: "join" };
/** Cancels all the task's children. */
export const cancel: Operation = { does: "cancel" };
export const spawn = (...program: Operation[]): Operation => ({ does: "spawn", program });

interface Running {
  readonly id: number;
  readonly parent: Running | null;
  readonly program: readonly Operation[];
  at: number;
  children: number;
  joins: boolean;
  state: "waits" | "cancelled" | "done";
  /** Its place among those that wait for their turn. */
  place: number;
  /** How its next step becomes ready. */
  next: Partial<TraceStep> & { ready: number };
}

/**
 * Runs the program on one thread, first in, first out.
 * @param repaired - its twin, where each "block" is a sleep.
 */
export function simulate(program: readonly Operation[], repaired = false): Trace {
  return new Machine(repaired).run(program);
}

class Machine {
  readonly #builder = new TraceBuilder();
  readonly #queue = new TimeHeap();
  readonly #waiting: Running[] = [];
  readonly #tasks: Running[] = [];
  readonly #ends: number[] = [];
  readonly #repaired: boolean;
  #now = 0;

  constructor(repaired: boolean) {
    this.#repaired = repaired;
  }

  run(program: readonly Operation[]): Trace {
    this.#queueUp(this.#begin("main", null, program, { ready: 0 }));
    while (this.#queue.size > 0) {
      const { time, index } = this.#queue.pop();
      const task = this.#waiting[index]!;
      if (task.place !== index) continue; // It was cancelled out of this wait.
      this.#now = Math.max(this.#now, time);
      this.#step(task);
    }
    return this.#builder.trace(this.#now);
  }

  #begin(name: string, parent: Running | null, program: readonly Operation[], next: Running["next"]): Running {
    const id = this.#builder.task(name, { parent: parent?.id ?? null, made: next.ready });
    const task: Running = { id, parent, program, at: 0, children: 0, joins: false, state: "waits", place: -1, next };
    this.#tasks.push(task);
    return task;
  }

  #queueUp(task: Running): void {
    task.place = this.#waiting.length;
    this.#waiting.push(task);
    this.#queue.push(task.next.ready, this.#waiting.length - 1);
  }

  #step(task: Running): void {
    const begin = this.#now;
    const index = this.#ends.length;
    const { next } = task;
    if (next.cause === "outside") next.ready = this.#seen(next.ready);
    const stretches: [number, number, BlockedStretch["kind"]][] = [];
    let then: TraceStep["then"] = "done";
    if (task.state === "cancelled") task.at = task.program.length;
    while (then === "done" && task.at < task.program.length) {
      const operation = task.program[task.at++]!;
      const now = this.#now;
      switch (operation.does) {
        case "work":
          this.#now += operation.seconds;
          break;
        case "compute":
          this.#now += operation.seconds;
          stretches.push([now, this.#now, "cpu"]);
          break;
        case "block":
        case "sleep":
          if (operation.does === "block" && !this.#repaired) {
            this.#now += operation.seconds;
            stretches.push([now, this.#now, "waiting"]);
            break;
          }
          then = "wait";
          task.next = {
            cause: "timer",
            by: index,
            timerSet: now,
            timerWhen: now + operation.seconds,
            ready: now + operation.seconds,
          };
          break;
        case "outside":
          then = "foreign";
          task.next = { cause: "outside", ready: now + operation.seconds };
          break;
        case "turn":
          then = "turn";
          task.next = { cause: "turn", ready: now };
          break;
        case "join":
          if (task.children > 0) {
            then = "wait";
            task.joins = true;
          }
          break;
        case "cancel":
          for (const child of this.#tasks) if (child.parent === task) this.#cancel(child, index);
          break;
        case "spawn":
          task.children++;
          this.#queueUp(this.#begin("child", task, operation.program, { cause: "made", by: index, ready: now }));
          break;
      }
    }
    this.#builder.step(task.id, begin, this.#now, { ...next, then, on: task.joins ? "a gather" : "" });
    for (const [from, to, kind] of stretches) this.#builder.blocks(index, from, to, { kind });
    this.#ends.push(this.#now);
    if (then === "done") {
      task.state = "done";
      this.#finished(task.parent, index);
    } else if (!task.joins) this.#queueUp(task);
  }

  /** Its next step is its last. Its own children go on. */
  #cancel(task: Running, by: number): void {
    if (task.state !== "waits") return;
    task.state = "cancelled";
    task.joins = false;
    task.next = { cause: "woken", by, ready: this.#now };
    this.#builder.change(task.id, { outcome: "cancelled" });
    this.#queueUp(task);
  }

  #finished(parent: Running | null, by: number): void {
    if (parent === null || --parent.children > 0 || !parent.joins) return;
    parent.joins = false;
    parent.next = { cause: "woken", by, ready: this.#now };
    this.#queueUp(parent);
  }

  /** What comes from outside is noticed only between two steps. */
  #seen(came: number): number {
    return this.#ends.find((end) => end >= came && end <= this.#now) !== undefined && came < this.#now
      ? Math.min(
          this.#now,
          this.#ends.find((end) => end >= came)!,
        )
      : came;
  }
}

/** In seconds, up to `most` ms; of odd values, so that few things happen at once. */
const duration = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 1000 }).map((n) => n / 1000003);

/** @param kinds - which operations occur, besides work, turns and children. */
export function programs(...kinds: Exclude<Operation["does"], "work" | "turn" | "spawn">[]): fc.Arbitrary<Operation[]> {
  const simple = fc.oneof(
    duration(5).map(work),
    ...kinds.map((does) =>
      does === "join" || does === "cancel"
        ? fc.constant<Operation>({ does })
        : duration(400).map((seconds): Operation => ({ does, seconds })),
    ),
    fc.constant(turn),
  );
  const programOf = (children: fc.Arbitrary<Operation>[]): fc.Arbitrary<Operation[]> =>
    fc.array(fc.oneof({ weight: 3, arbitrary: simple }, ...children), { maxLength: 10, size: "max" });
  const child = programOf([]).map((program) => spawn(...program));
  const parent = programOf([child]).map((program) => spawn(...program));
  return programOf([child, parent]);
}

/** Traces that no program makes: what a recorder that dropped or mixed things up might hand over. */
export function brokenTraces(): fc.Arbitrary<Trace> {
  const time = fc.integer({ min: 0, max: 3000 }).map((ms) => ms / 1000);
  const index = fc.integer({ min: -2, max: 14 });
  const step = fc.record({
    task: fc.option(fc.integer({ min: 1, max: 5 })),
    begin: time,
    end: time,
    ready: time,
    cause: fc.constantFrom<TraceStep["cause"]>("made", "turn", "woken", "timer", "outside"),
    by: index,
    timerSet: time,
    timerWhen: time,
    then: fc.constantFrom<TraceStep["then"]>("wait", "turn", "foreign", "done"),
    on: fc.constantFrom("", "<Lock [locked]>", "a sleep until 3 s"),
    onTask: fc.option(fc.integer({ min: 1, max: 7 })),
  });
  const stretch = fc.record({
    begin: time,
    end: time,
    step: fc.option(index),
    kind: fc.constantFrom<BlockedStretch["kind"]>("cpu", "waiting"),
  });
  const waits = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 });
  return fc
    .record({
      steps: fc.array(step, { maxLength: 14 }),
      stretches: fc.array(stretch, { maxLength: 6 }),
      waits: fc.array(waits, { minLength: 3, maxLength: 4 }),
      dropped: fc.nat(5),
      cancelled: fc.nat(8),
      duration: time,
    })
    .map(({ steps, stretches, waits: waitsOf, dropped, cancelled, duration: seconds }) => {
      const builder = new TraceBuilder();
      waitsOf.forEach((waitsForTasks, n) => {
        builder.task(`T${n}`, { parent: n, waitsForTasks, outcome: n === cancelled ? "cancelled" : "pending" });
      });
      for (const { task, begin, end, ...rest } of steps.sort((a, b) => a.begin - b.begin)) {
        builder.step(task, begin, end, rest);
      }
      for (const { step: at, begin, end, kind } of stretches.sort((a, b) => a.begin - b.begin)) {
        builder.blocks(at, begin, end, { kind });
      }
      return builder.drop(dropped, 1).trace(seconds);
    });
}
