/** `LiveTasks`: the tasks of a process, again and again. */
import { setTimeout as delay } from "node:timers/promises";
import { attach, AttachError, deadlocks } from "@turnwise/lens";
import type { GoneMessage, SlowMessage, TasksMessage } from "@turnwise/studio/protocol";

/** From one look to the next, in milliseconds. */
const INTERVAL = 1000;
/** So long a process that does not answer is asked at first, in seconds. One that has answered may take its time. */
const PATIENCE = 6;

type Tell = (message: TasksMessage | SlowMessage | GoneMessage) => void;

/** Looks until it is stopped, or the process can't be looked at any more. */
export class LiveTasks {
  readonly #enough = new AbortController();
  /** Settles when it has stopped. */
  readonly ended: Promise<void>;

  constructor(pid: number, tell: Tell) {
    this.ended = this.#watch(pid, tell);
  }

  /** Leaves the process as it was. */
  stop(): void {
    this.#enough.abort();
  }

  async #watch(pid: number, tell: Tell): Promise<void> {
    try {
      while (await look(pid, tell, this.#enough.signal));
    } catch (thrown) {
      if (this.#enough.signal.aborted) return;
      const ended = thrown instanceof AttachError && (thrown.code === "ended" || thrown.code === "no-process");
      tell({ type: "gone", ended, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
}

/** Looks until an error comes. @returns whether to attach once more. */
async function look(pid: number, tell: Tell, signal: AbortSignal): Promise<boolean> {
  const onSlow = (message: string): void => tell({ type: "slow", message });
  const attached = await attach(pid, { timeout: PATIENCE, onSlow, signal });
  try {
    for (;;) {
      const snapshot = await attached.snapshot({ timeout: Infinity, onSlow, signal });
      tell({ type: "tasks", snapshot, deadlocks: deadlocks(snapshot) });
      const next = delay(INTERVAL, undefined, { signal });
      next.catch(() => {}); // The other may have come first.
      await Promise.race([next, attached.ended]);
    }
  } catch (thrown) {
    // Somebody else who looked at the same process was done, and closed its inspector.
    if (thrown instanceof AttachError && thrown.code === "closed") return true;
    throw thrown;
  } finally {
    await attached.close();
  }
}
