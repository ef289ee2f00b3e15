/** `FileWriter`: a file that is written in parts, at once. */
import { closeSync, openSync, writeSync } from "node:fs";

/** Parts are gathered until they are worth a system call. */
const ENOUGH = 1 << 20;

/** Opens the file when it is made, and empties it. */
export class FileWriter {
  readonly #fd: number;
  #parts: string[] = [];
  #length = 0;

  constructor(path: string) {
    this.#fd = openSync(path, "w");
  }

  write(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length >= ENOUGH) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#parts.join(""));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    this.#parts = [];
    this.#length = 0;
  }
}
