/** References to functions of modules: a JavaScript function itself can't be sent to a thread. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Transferable } from "node:worker_threads";
import { describe } from "../describe.ts";

/** How a function runs in a thread. */
export interface ThreadOptions {
  /** What among the arguments is moved and not copied: afterwards it is gone here. */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Cancelling ends the thread amid the function, without its `finally`. By default it runs on, and nobody waits. */
  readonly terminateOnCancel?: boolean | undefined;
}

/** A function that a module exports: what {@link toThread} and executors run. {@link threadFunctions} makes them. */
export class ThreadFunction<A extends unknown[] = unknown[], R = unknown> {
  /** The module's URL. */
  readonly module: string;
  /** The name of the export. */
  readonly name: string;
  readonly options: ThreadOptions;
  /** Never there: it carries the types. */
  declare protected readonly signature: (...args: A) => R;

  constructor(module: URL | string, name: string, options: ThreadOptions = {}) {
    this.module = urlOf(module);
    this.name = name;
    this.options = options;
  }

  /** The same function, run otherwise: `toThread(blur.with({ transfer: [pixels.buffer] }), pixels)`. */
  with(options: ThreadOptions): ThreadFunction<A, R> {
    return new ThreadFunction(this.module, this.name, { ...this.options, ...options });
  }

  toString(): string {
    return `${this.name === "default" ? "the default export" : this.name} in ${shownPath(this.module)}`;
  }
}

/** The functions that a module of type `M` exports. */
export type ThreadFunctions<M> = {
  readonly [K in keyof M as M[K] extends (...args: never[]) => unknown ? K : never]: M[K] extends (
    ...args: infer A
  ) => infer R
    ? ThreadFunction<A, Awaited<R>>
    : never;
};

/**
 * References to the functions of a module, with their types. The module is loaded in threads only, when a function is
 * first run there; a `.ts` file as Node runs it.
 *
 * ```ts
 * const { hash } = threadFunctions<typeof import("./hash.ts")>(new URL("./hash.ts", import.meta.url));
 * const key = await toThread(hash, password);
 * ```
 *
 * @param module - its URL: also `"node:zlib"`, or `import.meta.resolve("a-package")`.
 * @throws TypeError where `module` is no URL.
 */
export function threadFunctions<M>(module: URL | string): ThreadFunctions<M> {
  const url = urlOf(module);
  return new Proxy({} as ThreadFunctions<M>, {
    get: (_target, name) => (typeof name === "string" ? new ThreadFunction(url, name) : undefined),
  });
}

/** What is to run, as a reference: a URL means the default export. @throws TypeError where it is something else. */
export function threadFunction<A extends unknown[], R>(fn: ThreadFunction<A, R> | URL): ThreadFunction<A, R> {
  if (fn instanceof ThreadFunction) return fn;
  if (fn instanceof URL) return new ThreadFunction(fn, "default");
  if (typeof fn !== "function") {
    throw new TypeError(`a function of threadFunctions(), or a module's URL, was expected; got ${describe(fn)}`);
  }
  const { name } = fn as { name: string };
  throw new TypeError(
    `${describe(fn)} can't be sent to a thread: JavaScript's functions stay where they were made. Export it from a ` +
      `module, say work.ts, and pass a reference: const { ${name || "work"} } = ` +
      'threadFunctions<typeof import("./work.ts")>(new URL("./work.ts", import.meta.url))',
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
