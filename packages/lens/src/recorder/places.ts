/** `Places`: recorded places, as the user wrote them, and the text that they are in. Made when the recording ends. */
import { Scripts } from "../blame/scripts.ts";
import { ownerOf, type RawFrame } from "../blame/stack.ts";
import type { Frame, TraceSource } from "../trace.ts";
import { frameOf } from "./frames.ts";
import type { Strings } from "./strings.ts";

/** So many characters of source text are kept: of a file, and in all. */
const MOST_OF_A_FILE = 300_000;
const MOST = 2_000_000;

/** Close it: with lines, it looks into the engine's scripts. */
export class Places implements Disposable {
  readonly #strings: Strings;
  readonly #frames = new Map<number, Frame | null>([[0, null]]);
  readonly #scripts: Scripts | null;
  /** A place in each file that was named: as the engine has it, and as the user wrote it. */
  readonly #named = new Map<string, { readonly raw: RawFrame; readonly frame: Frame }>();

  /** @param withLines - the user's lines were recorded. Without, places are told as the engine has them. */
  constructor(strings: Strings, withLines: boolean) {
    this.#strings = strings;
    this.#scripts = withLines ? new Scripts() : null;
  }

  [Symbol.dispose](): void {
    this.#scripts?.close();
  }

  /** The frame of a place, by its number; null if there is none. */
  readonly frame = (place: number): Frame | null => {
    let frame = this.#frames.get(place);
    if (frame === undefined) this.#frames.set(place, (frame = this.#read(place)));
    return frame;
  };

  #read(place: number): Frame | null {
    const generated = frameOf(this.#strings.text(place));
    if (generated === null || this.#scripts === null) return generated;
    const raw = rawFrame(generated);
    const frame = this.#scripts.frame(raw);
    if (!this.#named.has(frame.file)) this.#named.set(frame.file, { raw, frame });
    return frame;
  }

  /** The user's own files that places name, and those of `others`, as far as they can be had and are not too long. */
  sources(others: readonly (Frame | null)[]): TraceSource[] {
    if (this.#scripts === null) return [];
    const named = new Map(this.#named);
    for (const frame of others) {
      if (frame === null || named.has(frame.file) || ownerOf(frame.file) !== "user") continue;
      named.set(frame.file, { raw: rawFrame(frame), frame });
    }
    const sources: TraceSource[] = [];
    let left = MOST;
    for (const [file, { raw, frame }] of named) {
      const text = this.#scripts.written(raw, frame);
      if (text === null || text.length > Math.min(left, MOST_OF_A_FILE)) continue;
      left -= text.length;
      sources.push({ file, text });
    }
    return sources;
  }
}

function rawFrame({ function: name, file, line, column }: Frame): RawFrame {
  return { name, fn: name, file, line, column, fnLine: 0, fnColumn: 0, awaiting: false };
}
