/** `importPython`: a Python module, for TypeScript to call. */
import { accessSync, constants } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { received } from "./crossing.ts";
import { mount } from "./files.ts";
import { loadInterpreter } from "./interpreter.ts";

/** How a module of Python's looks to TypeScript, if nothing is said of it. */
export type PythonModule = Record<string, unknown>;

/**
 * Imports a Python module: its functions can be called, and run on the loop of who calls them. CPython is loaded by the
 * first call, which takes seconds.
 *
 * ```ts
 * interface Shop {
 *   fetch_price(item: string): asyncio.Task<number>; // async def fetch_price(item)
 * }
 * const shop = await importPython<Shop>(new URL("./shop.py", import.meta.url));
 * const price = await shop.fetch_price("tea");
 * ```
 *
 * An `async def` begins when it is called, in an `asyncio.Task` on the running loop, and gives a `Task`: it can be
 * awaited, cancelled, and put into a task group. Lists, dicts, bytes and the like are copied on the way, in both
 * directions; objects of classes are proxies (Pyodide's `PyProxy`). An exception becomes a {@link PythonError}.
 *
 * @param module - the URL of its file, or the name of a module of Python's library or of a package.
 * @throws what the module raises; an error of Node's if there is no such file.
 */
export async function importPython<M extends object = PythonModule>(module: URL | string): Promise<M> {
  const file = typeof module === "string" ? undefined : fileURLToPath(module);
  if (file !== undefined) accessSync(file, constants.R_OK);
  const { pyodide, importModule } = await loadInterpreter();
  if (file === undefined) return received(importModule(module as string, process.cwd(), undefined)) as M;
  const directory = dirname(file);
  mount(pyodide, new Map([[directory, directory]])); // It stays: a module may import others when it is called.
  return received(importModule(basename(file, ".py"), directory, file)) as M;
}
