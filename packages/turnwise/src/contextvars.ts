/**
 * Context variables: values that belong to a task, and that the tasks it starts inherit (Python's `contextvars`).
 *
 * The variables of a context are one immutable map, replaced when a variable is set. So a copy, which every new task
 * and every callback takes, costs nothing.
 */
import { currentScope, enterScope, runInScope } from "#async-context";
import { LookupError, RuntimeError } from "./exceptions.ts";
import { CallbackScope } from "./running.ts";

/** The variables of a context; `null` while none is set. Never changed in place. */
export type Vars = ReadonlyMap<ContextVar<unknown>, unknown> | null;

/** Says that a variable had no value before the `set` that a {@link Token} stands for (Python's `Token.MISSING`). */
const MISSING: unique symbol = Symbol("Token.MISSING");

/**
 * A variable whose value belongs to the current task or context: Python's `contextvars.ContextVar`.
 *
 * Make it once, at the top level of a module. A new task starts with a copy of the variables of the code that created
 * it; what it sets stays its own.
 *
 * ```ts
 * const requestId = new ContextVar<string>("requestId", { defaultValue: "-" });
 * requestId.set("42");
 * await createTask(async () => console.log(requestId.get())); // 42
 * ```
 */
export class ContextVar<T> {
  readonly name: string;
  readonly #defaultValue: T | typeof MISSING;

  constructor(name: string, options: { defaultValue?: T } = {}) {
    if (typeof name !== "string") throw new TypeError("context variable name must be a string");
    this.name = name;
    this.#defaultValue = "defaultValue" in options ? (options.defaultValue as T) : MISSING;
  }

  /**
   * The value in the current context; else `fallback`, else the variable's default.
   * @throws LookupError if there is none of these.
   */
  get(...fallback: [] | [fallback: T]): T {
    const vars = currentVars();
    if (vars !== null && vars.has(this as ContextVar<unknown>)) {
      return vars.get(this as ContextVar<unknown>) as T;
    }
    if (fallback.length > 0) return fallback[0] as T;
    if (this.#defaultValue !== MISSING) return this.#defaultValue;
    throw new LookupError(`the context variable '${this.name}' has no value and no default`);
  }

  /** Sets the value in the current context. The token that it returns undoes this in {@link reset}. */
  set(value: T): Token<T> {
    const vars = currentVars();
    const key = this as ContextVar<unknown>;
    const before = vars?.has(key) === true ? (vars.get(key) as T) : MISSING;
    replaceVars(new Map(vars).set(key, value));
    return new Token(this, before);
  }

  /**
   * Gives the variable back the value that it had before the `set` that returned `token`.
   * @throws RuntimeError if the token was used already; RangeError if it is another variable's.
   */
  reset(token: Token<T>): void {
    if (token.variable !== this) {
      throw new RangeError(`the token was made by another ContextVar, '${token.variable.name}'`);
    }
    if (token._used) throw new RuntimeError("the token has already been used once");
    token._used = true;
    const vars = new Map(currentVars());
    if (token._before === MISSING) vars.delete(this as ContextVar<unknown>);
    else vars.set(this as ContextVar<unknown>, token._before);
    replaceVars(vars);
  }
}

/** What {@link ContextVar.set} returns: the way back to the earlier value (Python's `contextvars.Token`). */
export class Token<T> {
  /** The variable that was set. */
  readonly variable: ContextVar<T>;
  /** @internal */
  readonly _before: T | typeof MISSING;
  /** @internal */
  _used = false;
  constructor(variable: ContextVar<T>, before: T | typeof MISSING) {
    this.variable = variable;
    this._before = before;
  }

  /** The value before the `set`; `undefined` if there was none. */
  get oldValue(): T | undefined {
    return this._before === MISSING ? undefined : this._before;
  }
}

/**
 * A set of context variables with their values: Python's `contextvars.Context`. {@link copyContext} gives a copy of the
 * current one; pass it as `context` to run a task or a callback in it.
 */
export class Context implements Iterable<[ContextVar<unknown>, unknown]> {
  /** @internal */
  _vars: Vars;
  #entered = false;

  constructor() {
    this._vars = null;
  }

  /**
   * Calls `fn` in this context. What it sets stays in this context; the promises that it starts stay in it too.
   * @throws RuntimeError if `fn` is called while this context is entered already.
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    if (this.#entered) throw new RuntimeError("cannot enter context: it is already entered");
    this.#entered = true;
    try {
      const scope = currentScope();
      return runInScope(new CallbackScope(scope?._loop ?? null, scope?._task ?? null, this), () => fn(...args));
    } finally {
      this.#entered = false;
    }
  }

  /** A context with the same values, to be changed on its own. */
  copy(): Context {
    return contextOf(this._vars);
  }

  /** The value of a variable in this context; `fallback` (or `undefined`) where it has none here. */
  get<T>(variable: ContextVar<T>, fallback?: T): T | undefined {
    return this.has(variable) ? (this._vars?.get(variable as ContextVar<unknown>) as T) : fallback;
  }

  /** Whether the variable was set in this context. */
  has(variable: ContextVar<never> | ContextVar<unknown>): boolean {
    return this._vars?.has(variable as ContextVar<unknown>) ?? false;
  }

  /** How many variables are set. */
  get size(): number {
    return this._vars?.size ?? 0;
  }

  /** The variables with their values. */
  [Symbol.iterator](): IterableIterator<[ContextVar<unknown>, unknown]> {
    return new Map(this._vars)[Symbol.iterator]();
  }
}

/** A copy of the current context: Python's `contextvars.copy_context`. */
export function copyContext(): Context {
  return contextOf(currentVars());
}

/** A new context that starts with `vars`. */
export function contextOf(vars: Vars): Context {
  const context = new Context();
  context._vars = vars;
  return context;
}

/** The variables that are set outside every loop. */
const outside: { _context: Vars | Context } = { _context: null };

/** The variables of the code that calls this. */
export function currentVars(): Vars {
  const context = (currentScope() ?? outside)._context;
  return context instanceof Context ? context._vars : context;
}

function replaceVars(vars: Vars): void {
  const scope = currentScope();
  const owner = scope ?? outside;
  if (owner._context instanceof Context) owner._context._vars = vars;
  // A callback's scope may be shared with the callbacks that it set: leave theirs as it was when it was captured.
  else if (scope instanceof CallbackScope) enterScope(new CallbackScope(scope._loop, scope._task, vars));
  else (owner as { _context: Vars | Context })._context = vars;
}
