/**
 * Names of modules that mean the same on every machine, wherever the program lies there: the name of the package and
 * the path in it.
 */
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A module under a name of its own: `cluster:images` stands for what a worker was given as `images=./dist/images.js`. */
const NAMED = "cluster:";

const names = new Map<string, string>();

/**
 * The name of the module with this URL: `my-app/src/images.ts` for a file of the package "my-app", `images` for
 * `cluster:images`, and the URL itself for others (`node:zlib`). In a package without a name it is `./src/images.ts`.
 * @throws TypeError where a file belongs to no package.
 */
export function moduleName(url: string): string {
  let name = names.get(url);
  if (name === undefined) names.set(url, (name = newName(url)));
  return name;
}

function newName(url: string): string {
  if (url.startsWith(NAMED)) return url.slice(NAMED.length);
  if (!url.startsWith("file:")) return url;
  const file = fileURLToPath(url);
  const found = packageOf(file);
  if (found === null) {
    throw new TypeError(
      `${file} belongs to no package, so that no other machine could know it: put a package.json beside it, or give ` +
        `the module a name: functionsOf("${NAMED}work") here, "turnwise worker work=FILE" there`,
    );
  }
  return `${found.name}/${relative(found.folder, file).replaceAll(sep, "/")}`;
}

/** The nearest package with a name; else the nearest. */
function packageOf(file: string): { readonly folder: string; readonly name: string } | null {
  let nearest: string | null = null;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const name = nameIn(join(folder, "package.json"));
    if (typeof name === "string") return { folder, name };
    if (name === null) nearest ??= folder;
    if (folder === dirname(folder)) return nearest === null ? null : { folder: nearest, name: "." };
  }
}

/** The name in a package.json; null where it has none; undefined where there is no such file. */
function nameIn(path: string): string | null | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const { name } = JSON.parse(text) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : null;
}
