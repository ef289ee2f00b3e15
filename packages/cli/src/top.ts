/** What `turnwise top` shows: on a terminal a page that is drawn again and again, else one list after the other. */
import { setTimeout as delay } from "node:timers/promises";
import { attach, type AttachedProcess, AttachError, formatBusiest, type Screen, type Snapshot } from "@turnwise/lens";

export interface TopOptions {
  readonly json?: true | undefined;
  readonly once?: true | undefined;
  /** In seconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly onSlow: (message: string) => void;
  readonly signal: AbortSignal;
  /** Read anew for each page: the window may have been resized. */
  readonly screen: () => Screen;
}

/** Looks at the process until it ends, or until somebody has seen enough. */
export async function top(pid: number, options: TopOptions): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([options.signal, enough.signal]);
  const isPage = process.stdout.isTTY && options.json !== true && options.once !== true;
  const page = isPage ? new Page(() => enough.abort()) : null;
  // Who read it has seen enough: `turnwise top | head`.
  process.stdout.once("error", () => enough.abort());
  try {
    while (await watch(pid, { ...options, signal }, page));
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    page?.leave();
  }
}

/** Looks until an error comes. @returns whether to attach once more. */
async function watch(pid: number, options: TopOptions, page: Page | null): Promise<boolean> {
  const { timeout, signal } = options;
  const onSlow = page === null ? options.onSlow : page.note;
  const attached = await attach(pid, { timeout, onSlow, signal });
  try {
    for (;;) {
      // A page goes on when the process does.
      show(await attached.snapshot({ timeout: page === null ? timeout : Infinity, onSlow, signal }), options, page);
      if (options.once === true) return false;
      await pause(options.interval, attached, signal);
    }
  } catch (thrown) {
    // Somebody else who looked at the same process was done, and closed its inspector.
    if (thrown instanceof AttachError && thrown.code === "closed") return true;
    throw thrown;
  } finally {
    await attached.close();
  }
}

function show(snapshot: Snapshot, { json, screen }: TopOptions, page: Page | null): void {
  if (json === true) process.stdout.write(`${JSON.stringify(snapshot)}\n`);
  else if (page === null) process.stdout.write(`${formatBusiest(snapshot, screen())}\n`);
  else page.draw(formatBusiest(snapshot, screen(), process.stdout.rows - 1));
}

/** Waits, at most until the connection is lost. */
async function pause(seconds: number, attached: AttachedProcess, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([
      delay(seconds * 1000, undefined, { signal: AbortSignal.any([signal, timer.signal]) }),
      attached.ended,
    ]);
  } finally {
    timer.abort();
  }
}

/** The terminal's other page, on which nothing scrolls, and keys that end it. */
class Page {
  readonly #onKey: (key: Buffer) => void;
  readonly #isRaw: boolean;

  constructor(end: () => void) {
    // In raw mode Ctrl-C comes as a key.
    this.#onKey = (key) => {
      if (["q", "Q", "\u0003"].includes(key.toString())) end();
    };
    this.#isRaw = process.stdin.isTTY;
    if (this.#isRaw) {
      process.stdin.setRawMode(true);
      process.stdin.on("data", this.#onKey).resume();
    }
    process.stdout.write("\u001B[?1049h\u001B[?25l");
  }

  draw(text: string): void {
    process.stdout.write(`\u001B[H${text.replaceAll("\n", "\u001B[K\n")}\u001B[J`);
  }

  /** A line at the top of the page. */
  readonly note = (message: string): void => {
    process.stdout.write(`\u001B[H${message.slice(0, process.stdout.columns)}\u001B[K`);
  };

  leave(): void {
    process.stdout.write("\u001B[?25h\u001B[?1049l");
    if (!this.#isRaw) return;
    process.stdin.off("data", this.#onKey).pause();
    process.stdin.setRawMode(false);
  }
}
