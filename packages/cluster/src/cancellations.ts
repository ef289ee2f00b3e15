/** Cancelling what runs on another machine: workers hear of it over Redis' own publish and subscribe. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

/** The channel on which the workers of a queue hear which job is cancelled. @param name - with the prefix. */
export function cancelChannel(name: string): string {
  return `${name}:cancel`;
}

/** Why a job failed that was cancelled. */
export const CANCELLED = "the call was cancelled";

/** So many rounds a cancellation is told again and again, while nothing is heard of the job. */
const ROUNDS = 240;

/** The calls that were given up, and may still run. */
export class Cancellations {
  readonly #queue: Queue;
  readonly #redis: Redis;
  /** By id: how often it was told. */
  readonly #told = new Map<string, number>();
  readonly #removing = new Set<Promise<void>>();

  constructor(queue: Queue, redis: Redis) {
    this.#queue = queue;
    this.#redis = redis;
  }

  /** Takes a job off the queue; if it runs, its worker is told. */
  async add(id: string): Promise<void> {
    this.#told.set(id, 0);
    const removing = this.#remove(id);
    this.#removing.add(removing);
    await removing;
    this.#removing.delete(removing);
  }

  /** Something happened to a job. */
  moved(id: string, state: "waiting" | "running" | "done"): void {
    if (!this.#told.has(id)) return;
    if (state === "done") this.#told.delete(id);
    else if (state === "waiting") void this.#remove(id);
    else this.#tell(id);
  }

  /** Tells what was told before: a worker may not have been listening. */
  again(): void {
    for (const [id, count] of this.#told) {
      if (count > ROUNDS) this.#told.delete(id);
      else if (count > 0) this.#tell(id);
    }
  }

  /** Waits until all that were given up are off the queue, or told. */
  async end(): Promise<void> {
    await Promise.all(this.#removing);
  }

  async #remove(id: string): Promise<void> {
    try {
      if ((await this.#queue.remove(id)) > 0) this.#told.delete(id);
      else this.#tell(id);
    } catch {
      this.#tell(id); // Once the connection is back.
    }
  }

  #tell(id: string): void {
    this.#told.set(id, (this.#told.get(id) ?? 0) + 1);
    this.#redis.publish(cancelChannel(this.#queue.qualifiedName), id).catch(() => {});
  }
}
