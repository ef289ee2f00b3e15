/** `Told`: what a recorded program's process has to tell, for this process to print. */
import { mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file for it, in a folder of its own. */
export class Told implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "turnwise-run-"));
  readonly file: string = join(this.#folder, "told");

  /** On stderr, when the process is gone. */
  print(): void {
    let text: Buffer;
    try {
      text = readFileSync(this.file);
    } catch {
      text = Buffer.from("turnwise: the program ended before it could tell what it did\n");
    }
    for (let at = 0; at < text.length;) {
      try {
        at += writeSync(2, text, at);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EAGAIN") return; // Nobody reads it.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
