/** The user's directories in the interpreter's file system, under their own names. */
import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, relative } from "node:path";
import type { PyodideAPI } from "pyodide";

/** Where the interpreter has files of its own. */
const ITS_OWN = ["/", "/dev", "/lib", "/proc"];

/**
 * Makes directories of this machine visible to Python.
 * @param directories - from the path that Python sees to the path here.
 * @returns a function that takes them away again.
 */
export function mount(pyodide: PyodideAPI, directories: ReadonlyMap<string, string>): () => void {
  const mounted: string[] = [];
  const unmount = (): void => {
    for (const path of mounted.splice(0).reverse()) pyodide.FS.unmount(path);
  };
  // The outer ones first: what lies in them is there already.
  const paths = [...directories].sort(([a], [b]) => a.length - b.length);
  try {
    for (const [path, here] of paths) {
      if (ITS_OWN.includes(path)) {
        throw new RangeError(`${path} can't be shown to Python, which has files of its own there`);
      }
      const outer = mounted.find((other) => contains(other, path));
      if (outer !== undefined && here === path && directories.get(outer) === outer) continue;
      if (isMounted(pyodide, path) && hostPath(pyodide, path) === realpathSync(here)) continue; // By an import, for good.
      pyodide.FS.mkdirTree(path);
      pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: realpathSync(here) }, path);
      mounted.push(path);
    }
  } catch (error) {
    unmount();
    throw error;
  }
  return unmount;
}

/** Whether something is mounted at this very path. */
function isMounted({ FS }: PyodideAPI, path: string): boolean {
  try {
    return (FS.lookupPath(path) as { node: { mount: { mountpoint: string } } }).node.mount.mountpoint === path;
  } catch {
    return false;
  }
}

/** The path here of what Python knows as `path`; undefined if that is in a directory of Python's own, or nowhere. */
export function mountedPath(pyodide: PyodideAPI, path: string): string | undefined {
  const { FS } = pyodide;
  for (let at = path, rest = ""; ; rest = `/${basename(at)}${rest}`, at = dirname(at)) {
    try {
      const { node } = FS.lookupPath(at) as { node: { mount: { type: unknown } } };
      return node.mount.type === FS.filesystems.NODEFS ? FS.filesystems.NODEFS.realPath(node) + rest : undefined;
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

/** {@link mountedPath}; where it is not mounted, a path means here what it means to Python. */
export function hostPath(pyodide: PyodideAPI, path: string): string {
  return mountedPath(pyodide, path) ?? path;
}

/** Whether `path` is `directory`, or lies in it. */
export function contains(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return !isAbsolute(way) && way.split(/[/\\]/)[0] !== "..";
}
