/** `LoadingNotice`: tells whoever waits at a terminal that Python is being loaded, and takes it back. */
import type { WriteStream } from "node:tty";

/** What takes less than so many seconds needs no word. */
const NOTICEABLE = 0.5;

/** One line, which is gone again when the program begins. */
export class LoadingNotice {
  readonly #terminal: WriteStream;
  readonly #timer: NodeJS.Timeout;
  #step: string;
  #isShown = false;

  /** @param step - what is done first. */
  constructor(terminal: WriteStream, step: string) {
    this.#terminal = terminal;
    this.#step = step;
    this.#timer = setTimeout(() => this.#show(), NOTICEABLE * 1000);
    this.#timer.unref();
  }

  /** Says what comes next, at once: while it goes on, nobody may have a turn to say so. */
  next(step: string): void {
    this.#step = step;
    this.#show();
  }

  /** Takes it back. */
  clear(): void {
    clearTimeout(this.#timer);
    if (this.#isShown) this.#terminal.write("\r\u001b[K");
    this.#isShown = false;
  }

  #show(): void {
    this.#isShown = true;
    this.#terminal.write(`\r\u001b[Kloading Python: ${this.#step}`);
  }
}

/** A notice on stderr, if that is a terminal. */
export function noticeOnTerminal(step: string): LoadingNotice | null {
  return process.stderr.isTTY ? new LoadingNotice(process.stderr, step) : null;
}
