/** `Blocked`: what the watch has to say of a stretch. */
import type { Frame } from "../trace.ts";
import type { Scripts } from "./scripts.ts";
import type { Tile } from "./split.ts";

/** The thread was blocked. Times are seconds of `performance.now() / 1000`. */
export interface Blocked {
  readonly begin: number;
  readonly end: number;
  /** Whether the thread computed, or only slept. */
  readonly kind: "cpu" | "waiting";
  /** What `whose` said; null if it is not known. */
  readonly whose: number | null;
  /** The user's own line that is to blame; null if it could not be found out. */
  readonly blame: Frame | null;
  /** What that line called, if not only its own code ran: "execSync", "JSON.parse", "merge (lodash)". */
  readonly called: string | null;
  /** The whole stack, innermost first. */
  readonly stack: readonly Frame[];
  /** The source lines around the blamed one, if they could be read; `first` is the number of the first. */
  readonly source: { readonly first: number; readonly lines: readonly string[] } | null;
}

/** A tile in the terms of the code that the user wrote. */
export function blockedBy(tile: Tile, kind: "cpu" | "waiting", scripts: Scripts): Blocked {
  const { begin, end, whose, blame, called, stack } = tile;
  const frame = blame === null ? null : scripts.frame(blame);
  return {
    begin,
    end,
    kind,
    whose,
    blame: frame,
    called,
    stack: stack.map((raw) => scripts.frame(raw)),
    source: blame === null || frame === null ? null : scripts.source(blame, frame),
  };
}
