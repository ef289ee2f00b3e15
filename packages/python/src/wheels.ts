/** Packages for one program: wheels of pure Python, from files. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { PyodideAPI } from "pyodide";

/** Where they are unpacked: it is on Python's path, behind its own library. */
export const PACKAGES = "/lib/turnwise-packages";

interface Wheels {
  install(name: string, data: Uint8Array, directory: string): string | undefined;
  clear(directory: string): void;
}

/**
 * Unpacks wheels.
 * @returns a function that removes them. @throws RangeError if one is not a wheel of pure Python; an error of Node's if
 * it can't be read.
 */
export function unpackWheels(pyodide: PyodideAPI, files: readonly string[]): () => void {
  if (files.length === 0) return () => {};
  const wheels = pyodide.pyimport("turnwise_wheels") as Wheels;
  const clear = (): void => wheels.clear(PACKAGES);
  try {
    for (const file of files) {
      const refusal = wheels.install(basename(file), new Uint8Array(readFileSync(file)), PACKAGES);
      if (refusal !== undefined) throw new RangeError(refusal);
    }
    return clear;
  } catch (error) {
    clear();
    throw error;
  }
}
