/** What a process shows of itself to those who look from outside: `turnwise ps`. */
import { originOf, suspensionOf } from "./debug.ts";
import type { EventLoop } from "./events.ts";
import { runningLoops } from "./running.ts";

/** Found under `globalThis[Symbol.for("turnwise")]`: one for each copy of Turnwise that runs a loop. */
export interface Registry {
  /** Rises when a reader of the other's version would misread what is here. */
  readonly version: 1;
  /** The loops that run. */
  readonly loops: readonly EventLoop[];
  /** In debug mode: where something was made; the frames, innermost first. */
  readonly originOf: (thing: object) => string | undefined;
  /** In debug mode: where a task waits; the frames, innermost first. */
  readonly suspensionOf: (task: object) => string | undefined;
}

const KEY: unique symbol = Symbol.for("turnwise") as never;
const registries = globalThis as { [KEY]?: Registry[] };
let announced = false;

/** Makes this copy of Turnwise known. It costs nothing until somebody looks. */
export function announce(): void {
  if (announced) return;
  announced = true;
  (registries[KEY] ??= []).push({ version: 1, loops: runningLoops, originOf, suspensionOf });
}
