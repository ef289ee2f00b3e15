/** Frames and stacks that are kept for long, each once: the same code blocks again and again. */
import type { RawFrame } from "./stack.ts";

/** So many frames are known at once; then it begins anew. */
const CAPACITY = 10_000;

export class FrameTable {
  readonly #frames = new Map<string, RawFrame>();
  readonly #stacks = new Map<string, readonly RawFrame[]>();

  /** An equal stack, the same object for all equal ones. */
  share(stack: readonly RawFrame[]): readonly RawFrame[] {
    if (this.#frames.size + this.#stacks.size > CAPACITY) {
      this.#frames.clear();
      this.#stacks.clear();
    }
    const keys = stack.map(
      ({ name, file, line, column, awaiting }) => `${name}\n${file}:${line}:${column}${awaiting ? "a" : ""}`,
    );
    const key = keys.join("\n");
    let shared = this.#stacks.get(key);
    if (shared === undefined) {
      shared = stack.map((frame, i) => this.#frame(frame, keys[i]!));
      this.#stacks.set(key, shared);
    }
    return shared;
  }

  #frame(frame: RawFrame, key: string): RawFrame {
    const known = this.#frames.get(key);
    if (known === undefined) this.#frames.set(key, frame);
    return known ?? frame;
  }
}
