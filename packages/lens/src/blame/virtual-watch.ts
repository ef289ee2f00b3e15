/** `watchVirtualBlocking`: who blocks under virtual time. There only `Atomics.wait` takes any, so it is enough to hear of that. */
import { type Blocked, blockedBy } from "./blocked.ts";
import { blamable } from "./evidence.ts";
import { Scripts } from "./scripts.ts";
import { type Piece, splitAmongLines } from "./split.ts";
import { captureStack, type RawFrame } from "./stack.ts";
import type { BlockWatch, BlockWatchOptions } from "./watch.ts";

/** As `watchBlocking`, where `Atomics.wait` moves a virtual clock, which `performance.now()` shows. */
export function watchVirtualBlocking(options: BlockWatchOptions): BlockWatch {
  return new VirtualWatch(options);
}

/** So many waits are kept, the newest ones. */
const MOST_WAITS = 10_000;

class VirtualWatch implements BlockWatch {
  readonly #threshold: number;
  readonly #whose: () => number | null;
  readonly #plain = Atomics.wait;
  readonly #waits: Piece[] = [];
  /** Where steps ended: waits of different steps may follow each other without a gap. */
  readonly #stepEnds = new Set<number>();

  constructor({ threshold, whose = () => null }: BlockWatchOptions) {
    this.#threshold = threshold;
    this.#whose = whose;
    Atomics.wait = this.#wait as typeof Atomics.wait;
  }

  noteStep(_begin: number, end: number): void {
    this.#stepEnds.add(microseconds(end));
  }

  stop(): Blocked[] {
    Atomics.wait = this.#plain;
    const scripts = new Scripts();
    try {
      return this.#turns()
        .filter((waits) => waits.at(-1)!.end - waits[0]!.begin >= this.#threshold)
        .flatMap((waits) => splitAmongLines(waits, 0, (raw) => scripts.frame(raw).line))
        .map((tile) => blockedBy(tile, "waiting", scripts));
    } finally {
      scripts.close();
    }
  }

  readonly #wait = (...args: Parameters<typeof Atomics.wait>): ReturnType<typeof Atomics.wait> => {
    const begin = performance.now() / 1000;
    const outcome = this.#plain(...args);
    const end = performance.now() / 1000;
    if (end > begin) {
      const stack = captureStack(this.#wait, 0);
      this.#waits.push({ begin, end, path: blamable(stack), called: nameOf(stack), stack, whose: this.#whose() });
      if (this.#waits.length > MOST_WAITS) this.#waits.splice(0, MOST_WAITS / 2);
    }
    return outcome;
  };

  /** Waits that follow each other in one step, or in one turn of the host: nothing else takes time. */
  #turns(): Piece[][] {
    const turns: Piece[][] = [];
    let last: Piece | null = null;
    for (const wait of this.#waits) {
      if (last === null || last.end !== wait.begin || this.#stepEnds.has(microseconds(last.end))) turns.push([]);
      turns.at(-1)!.push(wait);
      last = wait;
    }
    return turns;
  }
}

/** An interpreter's code calls it by another name. */
function nameOf([innermost]: readonly RawFrame[]): string {
  return innermost !== undefined && innermost.file === "" && innermost.name !== "" ? innermost.name : "Atomics.wait";
}

/** Two clocks that differ by a constant agree to that. */
function microseconds(time: number): number {
  return Math.round(time * 1e6);
}
