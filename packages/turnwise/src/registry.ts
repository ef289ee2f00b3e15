/** What a process shows of itself: to `turnwise ps`, from outside, and to instruments that are not of this copy. */
import { originOf, suspensionOf } from "./debug.ts";
import type { EventLoop } from "./events.ts";
import { Future, Notice } from "./futures.ts";
import { Handle } from "./handles.ts";
import { currentTask, runningLoops } from "./running.ts";
import { Scheduler } from "./scheduler.ts";
import { Sleep } from "./sleep.ts";
import { TaskList } from "./task-list.ts";
import { Task } from "./tasks.ts";
import { Wait } from "./waits.ts";

/** Found under `globalThis[Symbol.for("turnwise")]`: one for each copy of Turnwise that made a loop. */
export interface Registry {
  /** Rises when a reader of the other's version would misread what is here. */
  readonly version: 1;
  /** The loops that run. */
  readonly loops: readonly EventLoop[];
  /** In debug mode: where something was made; the frames, innermost first. */
  readonly originOf: (thing: object) => string | undefined;
  /** In debug mode: where a task waits; the frames, innermost first. */
  readonly suspensionOf: (task: object) => string | undefined;
  /** The task whose code calls this. */
  readonly currentTask: () => Task<unknown> | null;
  /** The classes whose methods are swapped while a loop is watched. */
  readonly classes: Classes;
}

/** See {@link Registry}. */
export interface Classes {
  readonly Future: typeof Future;
  readonly Handle: typeof Handle;
  readonly Notice: typeof Notice;
  readonly Scheduler: typeof Scheduler;
  readonly Sleep: typeof Sleep;
  readonly Task: typeof Task;
  readonly TaskList: typeof TaskList;
  readonly Wait: typeof Wait;
}

const KEY: unique symbol = Symbol.for("turnwise") as never;
const shared = globalThis as { [KEY]?: Registry[] };
let announced = false;

/** Makes this copy of Turnwise known. */
export function announce(): void {
  if (announced) return;
  announced = true;
  (shared[KEY] ??= []).push({
    version: 1,
    loops: runningLoops,
    originOf,
    suspensionOf,
    currentTask,
    classes: { Future, Handle, Notice, Scheduler, Sleep, Task, TaskList, Wait },
  });
}

/** The copy of Turnwise that made a loop. */
export function registryOf(loop: EventLoop): Registry {
  const registry = shared[KEY]?.find(({ classes }) => loop instanceof classes.Scheduler);
  if (registry === undefined) throw new TypeError("not a loop of Turnwise's");
  return registry;
}
