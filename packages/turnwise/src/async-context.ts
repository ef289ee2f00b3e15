/**
 * The platform's async context: the one value (a {@link Scope}) that follows the code through promises, timers and
 * events, beside whatever the user's own `AsyncLocalStorage`s carry.
 *
 * There are three ways, the best that works is taken when the module is loaded:
 *
 * - Light frames. Node keeps the context as one object, its frame: a `Map` from storage to value, copied for each
 *   `run` and `enterWith`. Such a map is 190 bytes and 150 ns for every task. A {@link LightFrame} in its place answers
 *   the two questions that Node asks of a frame, in 40 bytes. Node shows the frame under a symbol of an
 *   `AsyncResource`, which is not documented; so {@link lightFramesWork} tries it all out, and where anything is not
 *   as expected the next way is taken.
 * - `AsyncResource` and `AsyncLocalStorage.enterWith`, by the book.
 * - None (a browser): the holder of the baton stands in, see `browser/async-context.ts`.
 */
import type { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import * as standIn from "./browser/async-context.ts";
import { process } from "./process.ts";
import type { Scope } from "./running.ts";

interface AsyncHooks {
  readonly AsyncLocalStorage: new () => AsyncLocalStorage<Scope | undefined>;
  readonly AsyncResource: new (type: string) => AsyncResource & { [symbol: symbol]: unknown };
}

const { AsyncLocalStorage: Storage, AsyncResource: Resource } = (process?.getBuiltinModule?.("node:async_hooks") ??
  {}) as Partial<AsyncHooks>;
const storage = Storage === undefined ? null : new Storage();

/** Whether the platform has an async context. */
export const hasAsyncContext: boolean = storage !== null;

/** The scope of the code that calls this; `undefined` outside every loop. */
export const currentScope: () => Scope | undefined = storage === null ? standIn.currentScope : () => storage.getStore();

/** Makes `scope` that of the rest of this synchronous run, and of all that starts in it. */
export const enterScope: (scope: Scope | undefined) => void =
  storage === null ? standIn.enterScope : (scope) => storage.enterWith(scope);

/** Without an async context: tells whose code runs next. Nothing to do where there is one. */
export const noteHolder: (scope: Scope | undefined) => void = storage === null ? standIn.noteHolder : () => {};

/** The async context at one moment, for what is made now and runs later; the scope apart, which will be its own. */
export type Captured = Frame | AsyncResource | null | undefined;

/** A frame of Node's, or what stands for one: it says what value a storage has. */
export interface Frame {
  has(key: unknown): boolean;
  get(key: unknown): unknown;
  [Symbol.iterator](): Iterator<[unknown, unknown]>;
}

/** The frame of one scope, on top of the user's own. */
class LightFrame implements Frame {
  readonly scope: Scope;
  /** What the user's storages had where this was made: a frame of Node's, never one of ours, so no chain grows. */
  readonly base: Frame | undefined;

  constructor(scope: Scope, base: Frame | undefined) {
    this.scope = scope;
    this.base = base;
  }

  has(key: unknown): boolean {
    if (key === storage) return true;
    if (key === probe) foundBase = this.base ?? NO_BASE;
    return this.base?.has(key) ?? false;
  }

  get(key: unknown): unknown {
    return key === storage ? this.scope : this.base?.get(key);
  }

  /** What Node copies when a storage of the user's is set. */
  *[Symbol.iterator](): Iterator<[unknown, unknown]> {
    if (this.base !== undefined) yield* this.base as unknown as Iterable<[unknown, unknown]>;
    yield [storage, this.scope];
  }

  /** `AsyncLocalStorage.disable`, which is not for us to do. */
  disable(): void {}
}

/** Asking this storage for its value makes a light frame tell that it is the current one. */
const probe = Storage === undefined ? null : new Storage();
let foundBase: Frame | typeof NO_BASE | null = null;
const NO_BASE: unique symbol = Symbol("no base");
const frameSymbol: symbol | undefined =
  Resource === undefined
    ? undefined
    : Object.getOwnPropertySymbols(new Resource("turnwise")).find(({ description }) => description === "context_frame");
/** Runs functions in frames. */
const runner = Resource === undefined ? null : new Resource("turnwise");

/** What a new light frame stands on: the current frame, without ours. */
function currentBase(): Frame | undefined {
  foundBase = null;
  probe?.getStore();
  if (foundBase !== null) return foundBase === NO_BASE ? undefined : (foundBase as Frame);
  return new (Resource as NonNullable<typeof Resource>)("turnwise")[frameSymbol as symbol] as Frame | undefined;
}

function runInFrame<A, T>(frame: Frame | undefined, fn: (arg: A) => T, arg: A): T {
  const resource = runner as NonNullable<typeof runner>;
  resource[frameSymbol as symbol] = frame;
  return resource.runInAsyncScope(fn as (arg: unknown) => T, undefined, arg);
}

/** Tries out all that light frames rely on. */
function lightFramesWork(): boolean {
  if (storage === null || Storage === undefined || Resource === undefined || frameSymbol === undefined) return false;
  const other = new Storage();
  const mine = { name: "mine" } as unknown as Scope;
  const theirs = { name: "theirs" } as unknown as Scope;
  const nested = { name: "nested" } as unknown as Scope;
  const seen: unknown[] = [];
  const look = (): unknown => seen.push(storage.getStore(), other.getStore());
  try {
    if (currentBase() !== undefined) return false;
    let later: AsyncResource | null = null;
    const frame = other.run(theirs, () => new LightFrame(mine, currentBase()));
    runInFrame(
      frame,
      () => {
        look();
        later = new Resource("turnwise");
        if (currentBase() !== frame.base) seen.push("another base");
        other.run(nested, look);
        look();
      },
      undefined,
    );
    look();
    (later as AsyncResource | null)?.runInAsyncScope(look);
  } catch {
    return false;
  }
  const expected = [mine, theirs, mine, nested, mine, theirs, undefined, undefined, mine, theirs];
  return seen.length === expected.length && expected.every((value, i) => value === seen[i]);
}

const light = lightFramesWork();

/** Calls `fn` in `scope`; the promises and callbacks that it starts stay in it. */
export const runInScope: <T>(scope: Scope | undefined, fn: () => T) => T =
  storage === null
    ? standIn.runInScope
    : light
      ? (scope, fn) => {
          const base = currentBase();
          if (scope !== undefined) return runInFrame(new LightFrame(scope, base), fn, undefined);
          // A storage of the user's that was set in a task has made a copy of the task's frame.
          return base?.has(storage) === true ? storage.run(undefined, fn) : runInFrame(base, fn, undefined);
        }
      : (scope, fn) => storage.run(scope, fn);

/** The context of the code that calls this. */
export const capture: () => Captured = light
  ? currentBase
  : Resource === undefined
    ? standIn.capture
    : () => new Resource("turnwise");

/** Calls `fn(arg)` in `scope` and what was captured, and restores the caller's. */
export const runCaptured: <A>(captured: Captured, scope: Scope, fn: (arg: A) => void, arg: A) => void = light
  ? (captured, scope, fn, arg) => runInFrame(new LightFrame(scope, captured as Frame | undefined), fn, arg)
  : storage === null
    ? standIn.runCaptured
    : (captured, scope, fn, arg) =>
        (captured as AsyncResource).runInAsyncScope(() => {
          storage.enterWith(scope);
          fn(arg);
        });
