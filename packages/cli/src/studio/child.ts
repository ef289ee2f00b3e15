/** `Child`: the process of a program, with all that it starts, which can be stopped whatever it does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** From the request to end to the urgent one, or to the end by force of what can't hear that, in milliseconds. */
const GRACE = 1000;
/** From then on to the end by force of what has heard, and may have a lot to tell. */
const LAST_GRACE = 4000;
/** So long what a process printed may come after its end, in milliseconds: another may hold its pipe. */
const LAST_WORDS = 300;

/** Only there a process leads a group, which can be killed as one. */
const HAS_GROUPS = process.platform !== "win32";

/** How it ended: as of Node's child processes. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What the process hears by a byte on its descriptor 3: of Ctrl-C, or that it must end at once; null for nothing. */
export type ByPipe = "Ctrl-C" | "urgent" | null;

/** A Node process without input, in a group of its own. */
export class Child {
  readonly #process: ChildProcess;
  readonly #byPipe: ByPipe;
  readonly #timers: NodeJS.Timeout[] = [];
  #isOver = false;
  /** Settles when it is gone, and all that it printed is there. It rejects if there could be no process. */
  readonly ended: Promise<ChildEnd>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, byPipe: ByPipe) {
    const stdio = ["ignore", "pipe", "pipe", ...(byPipe === null ? [] : (["pipe"] as const))] as const;
    this.#byPipe = byPipe;
    this.#process = spawn(process.execPath, args, { env, stdio: [...stdio], detached: HAS_GROUPS });
    this.#pipe?.on("error", () => {}); // It has gone.
    this.ended = this.#end();
  }

  /** Undefined if there could be no process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdout(): Readable {
    return this.#process.stdout as Readable;
  }

  get stderr(): Readable {
    return this.#process.stderr as Readable;
  }

  /** As by Ctrl-C; and by force, if it does not end by that. @param mayTell - somebody waits for what it has to tell. */
  stop(mayTell: boolean): void {
    if (this.#timers.length > 0 || this.#isOver) return;
    if (this.#byPipe === "Ctrl-C") this.#pipe?.write("c");
    else this.#signal("SIGINT");
    const listens = mayTell && this.#byPipe !== null;
    if (listens && this.#byPipe === "urgent") this.#timers.push(setTimeout(() => this.#pipe?.write("!"), GRACE));
    this.#timers.push(setTimeout(() => this.kill(), listens ? GRACE + LAST_GRACE : GRACE));
  }

  /** At once, by force. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  get #pipe(): Writable | undefined {
    return (this.#process.stdio[3] ?? undefined) as Writable | undefined;
  }

  async #end(): Promise<ChildEnd> {
    const closed = once(this.#process, "close");
    closed.catch(() => {}); // Told by "exit" too.
    const [code, signal] = (await once(this.#process, "exit")) as [ChildEnd["code"], ChildEnd["signal"]];
    for (const timer of this.#timers) clearTimeout(timer);
    this.kill(); // What it has started.
    this.#isOver = true;
    const isLate = delay(LAST_WORDS, undefined, { ref: false });
    await Promise.race([closed, isLate]);
    this.stdout.destroy();
    this.stderr.destroy();
    return { code, signal };
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#isOver) return;
    try {
      if (HAS_GROUPS) process.kill(-pid, signal);
      else this.#process.kill(signal);
    } catch {
      // It has gone.
    }
  }
}
