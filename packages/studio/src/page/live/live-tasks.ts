/** `LiveTasks`: the tasks of another process, looked at again every second while they are on the page. */
import type { Deadlock } from "../../../../lens/src/live/deadlocks.ts";
import type { Snapshot } from "../../../../lens/src/live/snapshot.ts";
import type { ServerMessage } from "../../protocol.ts";
import type { Server } from "../server.ts";

type LiveMessage = Extract<ServerMessage, { type: "tasks" | "slow" | "gone" }>;

export class LiveTasks {
  snapshot: Snapshot | null = null;
  deadlocks: readonly Deadlock[] = [];
  /** Why there is no newer snapshot, in words; null if there is nothing to say. */
  trouble: string | null = null;
  /** Held: what comes is not shown. */
  isPaused = false;
  isWatching = false;
  readonly #server: Server;
  readonly #changed: () => void;

  constructor(server: Server, changed: () => void) {
    this.#server = server;
    this.#changed = changed;
  }

  watch(wanted: boolean): void {
    if (this.isWatching === wanted) return;
    this.isWatching = wanted;
    this.trouble = null;
    this.#server.say({ type: wanted ? "watch" : "unwatch" });
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.#changed();
  }

  hear(message: LiveMessage): void {
    switch (message.type) {
      case "tasks":
        this.trouble = null;
        if (this.isPaused) return;
        this.snapshot = message.snapshot;
        this.deadlocks = message.deadlocks;
        return;
      case "slow":
        this.trouble = message.message;
        return;
      case "gone":
        this.trouble = message.message;
        this.isWatching = false;
        return;
    }
  }
}
