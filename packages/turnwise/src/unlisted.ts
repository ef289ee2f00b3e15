/**
 * What the code of a loop began that will settle a promise, and that the platform does not list as keeping it busy:
 * timers that are `unref`'d (`AbortSignal.timeout`), ports and workers that are, and `Atomics.waitAsync`.
 */
import type * as AsyncHooks from "node:async_hooks";
import { currentScope } from "#async-context";
import { process } from "./process.ts";
import type { Seconds } from "./scheduler.ts";

/** Something that is under way. */
interface Underway {
  /** The loop whose code began it. */
  readonly loop: object;
  /** For how many more real seconds the clock is held for it. */
  left: Seconds;
  /** What it is; null for an `Atomics.waitAsync`. */
  readonly resource: { hasRef?(): boolean } | null;
}

/** Node's `Timeout`, as far as it is used here. */
interface Timeout {
  readonly _idleTimeout?: number;
  readonly _repeat?: unknown;
}

/** By the id of its resource; what has none has an id of its own. */
const underway = new Map<number | symbol, Underway>();
/** How many loops under virtual time run, and how long each holds its clock for what may never come. */
const followers: { readonly loop: object; readonly patience: Seconds }[] = [];

/** A timer that is due within so many times the patience is waited for until it has fired. */
const SURE = 4;
/** A timer is late by so much at most, in seconds. */
const LATE: Seconds = 0.1;

/** Follows what the code of `loop` begins, until the function that it returns is called. */
export function followUnlisted(loop: object, patience: Seconds): () => void {
  const follower = { loop, patience };
  if (followers.push(follower) === 1) {
    resources()?.enable();
    replaceWaitAsync();
  }
  return () => {
    followers.splice(followers.indexOf(follower), 1);
    for (const [id, one] of underway) if (one.loop === loop) underway.delete(id);
    if (followers.length > 0) return;
    hook?.disable();
    restoreWaitAsync();
  };
}

/**
 * Whether the code of `loop` has something under way that the platform does not list.
 * @param held - for how many real seconds the clock was held since the last call: what does not come is given up.
 */
export function hasUnlisted(loop: object, held: Seconds): boolean {
  let has = false;
  for (const [id, one] of underway) {
    if (one.loop !== loop || one.resource?.hasRef?.() === true) continue;
    one.left -= held;
    if (one.left > 0) has = true;
    else underway.delete(id);
  }
  return has;
}

/** Something begins. @param due - in how many seconds it will be over, if that is known. */
function note(id: number | symbol, due: Seconds | undefined, resource: Underway["resource"]): void {
  const loop = currentScope()?._loop ?? null;
  const follower = followers.find((one) => one.loop === loop);
  if (loop === null || follower === undefined) return;
  const { patience } = follower;
  const left = due !== undefined && due <= patience * SURE ? due + LATE : patience;
  underway.set(id, { loop, left, resource });
}

// ---- Timers, ports and workers.

const KINDS: ReadonlySet<string> = new Set(["Timeout", "MESSAGEPORT", "WORKER"]);

let hook: AsyncHooks.AsyncHook | null | undefined;

/** The hook that hears of resources; null where it can't leave promises out (Node before 26): that would cost too much. */
function resources(): AsyncHooks.AsyncHook | null {
  if (hook !== undefined) return hook;
  const hooks = process?.getBuiltinModule?.("node:async_hooks") as typeof AsyncHooks | undefined;
  if (hooks?.createHook === undefined) return (hook = null);
  let heardOfPromise = false;
  const make = (callbacks: AsyncHooks.HookCallbacks): AsyncHooks.AsyncHook =>
    hooks.createHook({ ...callbacks, trackPromises: false });
  const trial = make({ init: (_, type) => void (heardOfPromise ||= type === "PROMISE") }).enable();
  void Promise.resolve();
  trial.disable();
  if (heardOfPromise) return (hook = null);
  return (hook = make({
    init(id, type, _trigger, resource) {
      if (!KINDS.has(type)) return;
      const { _idleTimeout: ms, _repeat: repeat } = resource as Timeout;
      const due = type === "Timeout" && (repeat ?? null) === null && ms !== undefined ? ms / 1000 : undefined;
      note(id, due, resource);
    },
    destroy(id) {
      underway.delete(id);
    },
  }));
}

// ---- `Atomics.waitAsync`, of which nothing else tells.

interface Atomics {
  waitAsync?: (...args: [unknown, unknown, unknown, timeout?: unknown]) => { async: boolean; value: unknown };
}
let plain: Atomics["waitAsync"];
let follows: Atomics["waitAsync"];

function replaceWaitAsync(): void {
  const atomics = globalThis.Atomics as Atomics;
  plain = atomics.waitAsync;
  if (plain === undefined) return;
  const wait = plain;
  follows = (...args) => {
    const result = wait(...args);
    if (!result.async) return result;
    const id = Symbol("Atomics.waitAsync");
    const ms = Number(args[3]);
    note(id, Number.isFinite(ms) ? ms / 1000 : undefined, null);
    const over = (): void => void underway.delete(id);
    (result.value as Promise<unknown>).then(over, over);
    return result;
  };
  atomics.waitAsync = follows;
}

/** Unless somebody else put his own there meanwhile. */
function restoreWaitAsync(): void {
  const atomics = globalThis.Atomics as Atomics;
  if (plain !== undefined && atomics.waitAsync === follows) atomics.waitAsync = plain;
}
