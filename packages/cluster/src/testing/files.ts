/** A folder for what functions on workers leave behind. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep, timeout } from "turnwise";

export class Files implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "turnwise-cluster-"));
  #count = 0;

  next(): string {
    return join(this.#folder, `${this.#count++}.txt`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** The lines of a file; none, if there is none. */
export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** Waits until the file has so many lines. */
export async function linesIn(file: string, count: number): Promise<string[]> {
  await until(() => linesOf(file).length >= count);
  return linesOf(file);
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await timeout(25, async () => {
    while (!(await isSo())) await sleep(0.01);
  });
}
