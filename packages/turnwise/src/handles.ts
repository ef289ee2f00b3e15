/** Handles: the callbacks that `callSoon`, `callLater` and `addDoneCallback` leave with the loop. */
import { type Captured, capture, currentScope, runCaptured } from "#async-context";
import { Context, currentVars, type Vars } from "./contextvars.ts";
import { createdAt, noteOrigin } from "./debug.ts";
import { describe } from "./describe.ts";
import type { EventLoop } from "./events.ts";
import { KeyboardInterrupt } from "./exceptions.ts";
import type { DoneEntry } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import { CallbackScope, type Scope } from "./running.ts";
import type { Timer } from "./timers.ts";

/** The arguments of a callback. */
export type Args = readonly unknown[];

/** How a callback is left with the loop. */
export interface CallbackOptions {
  /** The context to run in; by default a copy of the current one. */
  readonly context?: Context | undefined;
}

/** A callback that the loop will run: `asyncio.Handle`. `callSoon` returns it. */
export class Handle implements Runnable, DoneEntry {
  /** @internal */
  readonly _loop: EventLoop;
  /** @internal Null once cancelled, so that what the callback holds can go. */
  _callback: ((...args: never[]) => unknown) | null;
  /** @internal */
  _args: Args;
  /** @internal For who watches the loop. */
  _note: unknown = null;
  readonly #scope: Scope;
  readonly #captured: Captured;
  #cancelled = false;

  /** @internal */
  constructor(loop: EventLoop, callback: (...args: never[]) => unknown, args: Args, context: Context | undefined) {
    if (typeof callback !== "function") {
      throw new TypeError(`a callable object was expected, got ${describe(callback)}`);
    }
    this._loop = loop;
    this._callback = callback;
    this._args = args;
    this.#scope = this._scopeWith(context ?? currentVars());
    this.#captured = capture();
    if (loop.getDebug()) noteOrigin(this, new.target);
  }

  /** The callback will not run. Cancelling twice, or after it ran, does nothing. */
  cancel(): void {
    this.#cancelled = true;
    this._callback = null;
    this._args = [];
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#cancelled;
  }

  /** The context that the callback runs in, if one was given. */
  getContext(): Context | null {
    return this.#scope._context instanceof Context ? this.#scope._context : null;
  }

  toString(): string {
    const what = this.#cancelled ? "cancelled" : nameOf(this._callback);
    return `<${this.constructor.name} ${what}${createdAt(this)}>`;
  }

  /** @internal */
  get _resumes(): boolean {
    return false;
  }

  /** @internal */
  _run(): void {
    if (!this.#cancelled) runCaptured(this.#captured, this.#scope, call, this);
  }

  /** @internal The scope that it runs in: one for many, where that can't be told. */
  protected _scopeWith(context: Vars | Context): Scope {
    return callbackScope(this._loop, context);
  }

  /** @internal */
  _invoke(): void {
    (this._callback as (...args: Args) => unknown)(...this._args);
  }

  /** @internal Whether this is the done callback `callback`. */
  _calls(callback: unknown): boolean {
    return this._callback === callback;
  }

  /** @internal The future whose done callback this is, is done. */
  _settled(): void {
    this._loop._push(this);
  }
}

/** The scope of a callback: its creator's, if that is a callback too and has the same variables. */
function callbackScope(loop: EventLoop, context: Vars | Context): Scope {
  const scope = currentScope();
  if (scope instanceof CallbackScope && scope._task === null && scope._loop === loop && scope._context === context) {
    return scope;
  }
  return new CallbackScope(loop, null, context);
}

function call(handle: Handle): void {
  const callback = handle._callback;
  try {
    handle._invoke();
  } catch (thrown) {
    if (thrown instanceof KeyboardInterrupt) {
      handle._loop._abort(thrown);
      return;
    }
    handle._loop.callExceptionHandler({
      message: `Exception in callback ${nameOf(callback)}`,
      exception: thrown,
      handle,
    });
  }
}

/** A callback that the loop will run at a time: `asyncio.TimerHandle`. `callLater` and `callAt` return it. */
export class TimerHandle extends Handle implements Timer {
  /** @internal */
  readonly _when: number;
  /** @internal */
  _seq = 0;
  /** @internal Whether it is among the timers that are set. */
  _scheduled = false;

  /** @internal */
  constructor(
    loop: EventLoop,
    when: number,
    callback: (...args: never[]) => unknown,
    args: Args,
    context: Context | undefined,
  ) {
    super(loop, callback, args, context);
    this._when = when;
  }

  /** The loop's time, in seconds, at which the callback is due. */
  when(): number {
    return this._when;
  }

  override cancel(): void {
    const isSet = this._scheduled && !this.cancelled();
    super.cancel();
    if (isSet) this._loop._timerDropped();
  }

  /** @internal */
  get _dropped(): boolean {
    return this.cancelled();
  }

  /** @internal */
  override _run(): void {
    this._scheduled = false;
    super._run();
  }
}

/** How a function is called in messages. */
export function nameOf(fn: unknown): string {
  return typeof fn === "function" && fn.name !== "" ? `${fn.name}()` : "<anonymous>()";
}
