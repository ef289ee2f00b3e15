/** The modules that a worker serves: what a job names is looked up here, and nowhere else. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "turnwise";
import { moduleName } from "./module-names.ts";
import { namedIn } from "./wire.ts";

/** A module for a worker: its file or URL, or under a name of its own (`cluster:NAME` for callers). */
export type ServedModule = string | URL | { readonly name: string; readonly module: string | URL };

type Callable = (...args: readonly unknown[]) => unknown;

/** Modules, loaded once and for all. */
export class ServedModules {
  readonly #byName = new Map<string, ReadonlyMap<string, Callable>>();

  /** Loads them. @throws what loading one throws. */
  static async load(modules: readonly ServedModule[]): Promise<ServedModules> {
    const served = new ServedModules();
    for (const given of modules) {
      const isNamed = typeof given === "object" && !(given instanceof URL);
      const url = urlOf(isNamed ? given.module : given);
      const exported = (await import(url)) as Record<string, unknown>;
      const functions = Object.entries(exported).filter(([, value]) => typeof value === "function");
      served.#byName.set(isNamed ? given.name : moduleName(url), new Map(functions as [string, Callable][]));
    }
    return served;
  }

  /** The function that a call names. @throws RuntimeError where the module is not served; TypeError where it has no such function. */
  find(name: string): Callable {
    const { module, fn } = namedIn(name);
    const functions = this.#byName.get(module);
    if (functions === undefined) {
      throw new RuntimeError(`the worker does not serve the module ${module}, but ${this.names().join(", ")}`);
    }
    const found = functions.get(fn);
    if (found !== undefined) return found;
    const names = [...functions.keys()].join(", ") || "none";
    throw new TypeError(`the module ${module} exports no function "${fn}", but ${names}`);
  }

  /** Their names. */
  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** In words, each with its functions. */
  toString(): string {
    return [...this.#byName].map(([name, functions]) => `${name} (${[...functions.keys()].join(", ")})`).join(", ");
  }
}

/** A file's path is relative to the working directory. */
function urlOf(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return URL.canParse(module) ? module : pathToFileURL(resolve(module)).href;
}
