/** `SocketPair`: two connected sockets. A child gets one for both its stdout and its stderr. */
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInScope } from "#async-context";
import type { EventLoop } from "../events.ts";
import { Operation } from "./operation.ts";

/**
 * Node has no function for it. So it listens for a moment in a folder that nobody else may enter, and connects to
 * itself.
 */
export class SocketPair {
  #ours: Socket | null = null;
  #theirs: Socket | null = null;
  #destroyed = false;

  /** Done once both ends are there. Whatever comes of it, {@link destroy} what is not given away. */
  connect(loop: EventLoop): Operation<void> {
    const operation = new Operation<void>(loop, "a pipe");
    runInScope(undefined, () => this.#make()).then(
      () => operation.finish(),
      (error: unknown) => operation.fail(error),
    );
    return operation;
  }

  /** The end to read from. */
  get ours(): Socket {
    return this.#ours as Socket;
  }

  /** The end to give away. */
  get theirs(): Socket {
    return this.#theirs as Socket;
  }

  /** Closes both ends, also if they are not there yet. */
  destroy(): void {
    this.#destroyed = true;
    this.#ours?.destroy();
    this.#theirs?.destroy();
  }

  async #make(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), `turnwise-pipe-${process.pid}-`));
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.once("connection", (socket) => {
          this.#theirs = socket;
          resolve();
        });
        server.listen(join(folder, "pipe"), () => {
          this.#ours = createConnection({ path: join(folder, "pipe"), allowHalfOpen: true });
          this.#ours.once("error", reject);
        });
      });
    } finally {
      server.close();
      await rm(folder, { recursive: true });
      if (this.#destroyed) this.destroy();
    }
  }
}
