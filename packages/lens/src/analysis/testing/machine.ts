/** Runs programs, and notes what a recorder would: the truth that predictions are held against. */
import type { BlockedStretch, Trace, TraceStep } from "../../trace.ts";
import { TimeHeap } from "../heap.ts";
import { type Operation, SLOTS } from "./programs.ts";
import { TraceBuilder } from "./trace-builder.ts";

/** What it takes to find something done, to take or to let go, and to go on: no two of them happen at once. */
const TICK = 1e-6;

interface Resource {
  free: number;
  readonly waiting: Running[];
}

interface Running {
  readonly id: number;
  readonly parent: Running | null;
  readonly program: readonly Operation[];
  at: number;
  children: number;
  /** What it waits for that others will do; null while it waits for a timer or its turn. */
  waitsFor: "children" | Running | Resource | null;
  /** The resource that was handed to it, until it goes on. */
  handed: number;
  readonly holds: number[];
  state: "waits" | "cancelled" | "done";
  /** The step in which it was done, and when. */
  doneIn: number;
  doneAt: number;
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
  readonly #waiting: (Running | (() => void))[] = [];
  readonly #tasks: Running[] = [];
  readonly #ends: number[] = [];
  readonly #resources: readonly Resource[] = SLOTS.map((free) => ({ free, waiting: [] }));
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
      if (typeof task !== "function" && task.place !== index) continue; // It was cancelled out of this wait.
      this.#now = Math.max(this.#now, time);
      if (typeof task === "function") task();
      else this.#step(task);
    }
    return this.#builder.trace(this.#now);
  }

  #begin(name: string, parent: Running | null, program: readonly Operation[], next: Running["next"]): Running {
    const id = this.#builder.task(name, { parent: parent?.id ?? null, made: next.ready });
    const task: Running = {
      id,
      parent,
      program,
      at: 0,
      children: 0,
      waitsFor: null,
      handed: -1,
      holds: [],
      state: "waits",
      doneIn: -1,
      doneAt: 0,
      place: -1,
      next,
    };
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
    let on = "";
    let onTask: number | null = null;
    if (task.handed >= 0) this.#takes(task, index, true);
    if (task.state === "cancelled") {
      task.at = task.program.length;
      for (const resource of task.holds.slice()) this.#letsGo(task, index, resource);
    }
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
            on = "TaskGroup 1";
            task.waitsFor = "children";
          }
          break;
        case "await": {
          const children = this.#tasks.filter(({ parent }) => parent === task);
          const child = children[operation.child % children.length];
          if (child === undefined) break;
          if (child.state === "done") {
            this.#now += TICK;
            this.#builder.passes(index, this.#now, child.doneIn, child.doneAt);
            this.#now += TICK;
            break;
          }
          then = "wait";
          onTask = child.id;
          task.waitsFor = child;
          break;
        }
        case "acquire": {
          const resource = this.#resources[operation.resource]!;
          task.handed = operation.resource;
          if (resource.free > 0) {
            resource.free--;
            this.#takes(task, index, false);
            break;
          }
          then = "wait";
          on = `Lock ${operation.resource}`;
          task.waitsFor = resource;
          resource.waiting.push(task);
          break;
        }
        case "release":
          this.#letsGo(task, index, operation.resource);
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
    this.#builder.step(task.id, begin, this.#now, { ...next, then, on, onTask });
    for (const [from, to, kind] of stretches) this.#builder.blocks(index, from, to, { kind });
    this.#ends.push(this.#now);
    if (then === "done") {
      task.state = "done";
      task.doneIn = index;
      task.doneAt = this.#now;
      this.#finished(task, index);
    } else if (task.waitsFor === null) this.#queueUp(task);
  }

  #takes(task: Running, step: number, waited: boolean): void {
    this.#now += TICK;
    this.#builder.acquires(step, this.#now, task.handed, this.#resources[task.handed]!.free, waited);
    this.#now += TICK;
    task.holds.push(task.handed);
    task.handed = -1;
  }

  #letsGo(task: Running, step: number, number: number): void {
    const resource = this.#resources[number]!;
    this.#now += TICK;
    this.#builder.releases(step, this.#now, number, resource.free + 1);
    task.holds.splice(task.holds.indexOf(number), 1);
    this.#handOver(resource, step);
  }

  /** To the first who waits; if none does, it is free. */
  #handOver(resource: Resource, by: number): void {
    const next = resource.waiting.shift();
    if (next === undefined) resource.free++;
    else this.#wake(next, by);
  }

  #wake(task: Running, by: number): void {
    task.waitsFor = null;
    task.next = { cause: "woken", by, ready: this.#now };
    this.#queueUp(task);
  }

  /** Its next step is its last. Its own children go on. */
  #cancel(task: Running, by: number): void {
    if (task.state !== "waits") return;
    task.state = "cancelled";
    const { waitsFor } = task;
    if (waitsFor !== null && typeof waitsFor === "object" && "waiting" in waitsFor) {
      waitsFor.waiting.splice(waitsFor.waiting.indexOf(task), 1);
    } else if (task.handed >= 0) this.#handOver(this.#resources[task.handed]!, by);
    task.handed = -1;
    this.#builder.change(task.id, { outcome: "cancelled" });
    this.#wake(task, by);
  }

  #finished(task: Running, by: number): void {
    for (const other of this.#tasks) if (other.waitsFor === task) this.#wake(other, by);
    const { parent } = task;
    if (parent === null || --parent.children > 0 || parent.waitsFor !== "children") return;
    // A group hears of it by a callback, which queues as well.
    this.#waiting.push(() => {
      if (parent.waitsFor === "children") this.#wake(parent, by);
    });
    this.#queue.push(this.#now, this.#waiting.length - 1);
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
