/**
 * Context variables that go with a job into a thread. There each variable is another object, so that its name has to
 * do: a variable of the same name, made in the thread, has the value that it had here.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { ContextVar, contextOf, currentVars, type Token } from "../contextvars.ts";
import { isCloneable } from "./cloning.ts";

/** The values of variables, by name. */
export type Travelling = ReadonlyMap<string, unknown>;

/**
 * The variables of the code that calls this, copied: those whose values can be cloned. Of several with one name none
 * goes: nobody could tell them apart.
 */
export function travellingVariables(): Travelling {
  const travelling = new Map<string, unknown>();
  const twice = new Set<string>();
  for (const [{ name }, value] of currentVars() ?? []) {
    if (travelling.has(name)) twice.add(name);
    if (isCloneable(value)) travelling.set(name, structuredClone(value));
  }
  for (const name of twice) travelling.delete(name);
  return travelling;
}

const arriving = new AsyncLocalStorage<Travelling>();

/** In the thread: calls `fn` with these values, also in the tasks that it starts. */
export function runWithVariables<R>(values: Travelling, fn: () => R): R {
  listen();
  const vars = new Map(currentVars());
  for (const variable of vars.keys()) if (values.has(variable.name)) vars.set(variable, values.get(variable.name));
  return arriving.run(values, () => contextOf(vars).run(fn));
}

/** The methods that are swapped. */
interface Methods {
  get: (this: ContextVar<unknown>, ...fallback: [] | [fallback: unknown]) => unknown;
  set: (this: ContextVar<unknown>, value: unknown) => Token<unknown>;
}
const methods: Methods = ContextVar.prototype;
const { get, set } = methods;
let listens = false;

/** From now on a variable that is looked at first takes the value that came for it. Threads of a pool only. */
function listen(): void {
  if (listens) return;
  listens = true;
  methods.get = function (...fallback) {
    arrive(this);
    return get.apply(this, fallback);
  };
  methods.set = function (value) {
    arrive(this);
    return set.call(this, value);
  };
}

function arrive(variable: ContextVar<unknown>): void {
  const values = arriving.getStore();
  if (values?.has(variable.name) !== true || currentVars()?.has(variable) === true) return;
  set.call(variable, values.get(variable.name));
}
