/** Loads what a reference stands for, where it runs. */

type Exports = Readonly<Record<string, unknown>>;
/** The modules that are loaded: to import one again takes longer than a small job. */
const modules = new Map<string, Exports>();

type Callable = (...args: readonly unknown[]) => unknown;

/**
 * The function `name` of the module with this URL: at once, if that is loaded.
 * @throws TypeError if there is none; what loading the module throws.
 */
export function loadFunction(module: string, name: string): Callable | Promise<Callable> {
  const exported = modules.get(module);
  if (exported !== undefined) return functionIn(exported, module, name);
  return importModule(module).then((loaded) => functionIn(loaded, module, name));
}

function functionIn(exported: Exports, module: string, name: string): Callable {
  const fn = exported[name];
  if (typeof fn === "function") return fn as Callable;
  const names = Object.keys(exported).filter((key) => typeof exported[key] === "function");
  throw new TypeError(
    `the module ${module} exports no function "${name}", but ${names.length > 0 ? names.join(", ") : "none"}`,
  );
}

async function importModule(module: string): Promise<Exports> {
  try {
    const exported = (await import(module)) as Exports;
    modules.set(module, exported);
    return exported;
  } catch (error) {
    if (error instanceof Error) error.message = `can't load the module ${module}: ${error.message}`;
    throw error;
  }
}
