/** References to functions of modules: a JavaScript function itself can't be sent anywhere. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Transferable } from "node:worker_threads";
import { describe } from "../describe.ts";
import type { CallOptions } from "./executor.ts";

/** How a function runs in a thread. */
export interface ThreadOptions extends CallOptions {
  /** What among the arguments is moved and not copied: afterwards it is gone here. */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Cancelling ends the thread amid the function, without its `finally`. By default it runs on, and nobody waits. */
  readonly terminateOnCancel?: boolean | undefined;
}

/** @internal One for all references that say nothing: a call without options need not look through them. */
export const NO_OPTIONS: ThreadOptions = Object.freeze({});

/** A function that a module exports: what {@link toThread} and executors run. {@link functionsOf} makes them. */
export class FunctionReference<A extends unknown[] = unknown[], R = unknown> {
  /** The module's URL. */
  readonly module: string;
  /** The name of the export. */
  readonly name: string;
  readonly options: ThreadOptions;
  /** Never there: it carries the types. */
  declare protected readonly signature: (...args: A) => R;

  constructor(module: URL | string, name: string, options: ThreadOptions = NO_OPTIONS) {
    this.module = urlOf(module);
    this.name = name;
    this.options = options;
  }

  /**
   * The same function, run otherwise: `toThread(blur.with({ timeout: 5 }), pixels)`. What is given to `submit` itself
   * counts first. `transfer` and `terminateOnCancel` are for threads alone.
   */
  with(options: ThreadOptions): FunctionReference<A, R> {
    return new FunctionReference(this.module, this.name, { ...this.options, ...options });
  }

  toString(): string {
    return `${this.name === "default" ? "the default export" : this.name} in ${shownPath(this.module)}`;
  }
}

/** The functions that a module of type `M` exports. */
export type FunctionReferences<M> = {
  readonly [K in keyof M as M[K] extends (...args: never[]) => unknown ? K : never]: M[K] extends (
    ...args: infer A
  ) => infer R
    ? FunctionReference<A, Awaited<R>>
    : never;
};

/**
 * References to the functions of a module, with their types. The module is loaded where a function runs, when one
 * first does; a `.ts` file as Node runs it.
 *
 * ```ts
 * const { hash } = functionsOf<typeof import("./hash.ts")>(new URL("./hash.ts", import.meta.url));
 * const key = await toThread(hash, password);
 * ```
 *
 * @param module - its URL: also `"node:zlib"`, or `import.meta.resolve("a-package")`.
 * @throws TypeError where `module` is no URL.
 */
export function functionsOf<M>(module: URL | string): FunctionReferences<M> {
  const url = urlOf(module);
  return new Proxy({} as FunctionReferences<M>, {
    get: (_target, name) => (typeof name === "string" ? new FunctionReference(url, name) : undefined),
  });
}

/** What is to run, as a reference: a URL means the default export. @throws TypeError where it is something else. */
export function functionReference<A extends unknown[], R>(fn: FunctionReference<A, R> | URL): FunctionReference<A, R> {
  if (fn instanceof FunctionReference) return fn;
  if (fn instanceof URL) return new FunctionReference(fn, "default");
  if (typeof fn !== "function") {
    throw new TypeError(`a function of functionsOf(), or a module's URL, was expected; got ${describe(fn)}`);
  }
  const { name } = fn as { name: string };
  throw new TypeError(
    `${describe(fn)} can't be sent: JavaScript's functions stay where they were made. Export it from a ` +
      `module, say work.ts, and pass a reference: const { ${name || "work"} } = ` +
      'functionsOf<typeof import("./work.ts")>(new URL("./work.ts", import.meta.url))',
  );
}

function urlOf(module: unknown): string {
  if (module instanceof URL) return module.href;
  if (typeof module === "string" && URL.canParse(module)) return module;
  throw new TypeError(
    `a module's URL was expected, got ${describe(module)}: pass new URL("./work.ts", import.meta.url), ` +
      'or import.meta.resolve("a-package")',
  );
}

function shownPath(module: string): string {
  if (!module.startsWith("file:")) return module.length > 100 ? `${module.slice(0, 100)}…` : module;
  const path = relative("", fileURLToPath(module));
  return path.startsWith("..") ? fileURLToPath(module) : `./${path}`;
}
