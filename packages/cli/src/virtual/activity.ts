/** Whether something outside JavaScript is under way that time must not overtake. */
import { fstatSync } from "node:fs";
import { OwnConnections } from "./own-connections.ts";

/** What stays open for a program's whole life, and may never have anything to say. */
const STANDING = new Set(["TCPServerWrap", "PipeServerWrap", "UDPWRAP", "FSEventWrap", "StatWatcher", "TTYWrap"]);

/**
 * - `busy`: code is ready to run, or I/O is out: a file, a name to look up, a connection, a child process, a worker.
 * - `waiting`: what keeps the process alive are servers, watched files, stdin, and quiet connections with itself.
 * - `unknown`: nothing that can be seen keeps it alive. Either it will be found drained in a moment, or something is
 *   out that Node does not list, such as hashing and compression.
 */
export type ActivityState = "busy" | "waiting" | "unknown";

/** Looks at what Node says about itself. */
export class Activity {
  /** How many worker threads run. */
  workers = 0;
  /** How many began so far. */
  begun = 0;
  readonly #connections = new OwnConnections();
  readonly #stdioPipes = [0, 1, 2].filter(isPipe).length;
  #openedStdin = false;

  constructor() {
    process.on("worker", (worker) => {
      this.workers++;
      this.begun++;
      worker.once("exit", () => this.workers--);
    });
    this.#watchStdin();
  }

  /** What goes on. */
  state(): ActivityState {
    if (this.workers > 0) return "busy";
    let pipes = 0;
    let sockets = 0;
    let standing = this.#readsStdin();
    for (const name of process.getActiveResourcesInfo()) {
      if (name === "PipeWrap") pipes++;
      else if (name === "TCPSocketWrap") sockets++;
      else if (!STANDING.has(name)) return "busy";
      else if (name !== "TTYWrap") standing = true;
    }
    const unix = Math.max(0, pipes - this.#stdioPipes);
    // Of the pipes that it was started with the program may use none: they would hide as many others.
    const connected = sockets + unix > 0 || this.#connections.haveUnix();
    if (connected && !this.#connections.areQuiet(sockets, unix)) return "busy";
    return standing || connected ? "waiting" : "unknown";
  }

  #readsStdin(): boolean {
    if (!this.#openedStdin) return false;
    return process.stdin.readableFlowing === true || process.stdin.listenerCount("readable") > 0;
  }

  /** To look at `process.stdin` opens it. */
  #watchStdin(): void {
    const property = Object.getOwnPropertyDescriptor(process, "stdin");
    if (property?.get === undefined) return;
    const open = property.get.bind(process) as () => unknown;
    Object.defineProperty(process, "stdin", {
      ...property,
      get: () => {
        this.#openedStdin = true;
        return open();
      },
    });
  }
}

function isPipe(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false; // Closed.
  }
}
