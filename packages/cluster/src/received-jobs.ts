/** Jobs whose results have arrived: Redis need not keep them any longer. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

export class ReceivedJobs {
  readonly #queue: Queue;
  readonly #redis: Redis;
  #ids: string[] = [];

  constructor(queue: Queue, redis: Redis) {
    this.#queue = queue;
    this.#redis = redis;
  }

  /** The result of a job is here. */
  add(id: string): void {
    this.#ids.push(id);
  }

  /** Removes them, all at once; not with BullMQ's `remove`, which tells all who listen of each. */
  async drop(): Promise<void> {
    const ids = this.#ids;
    if (ids.length === 0) return;
    this.#ids = [];
    try {
      await this.#redis
        .pipeline()
        .zrem(this.#queue.keys["completed"] as string, ...ids)
        .unlink(...ids.map((id) => this.#queue.toKey(id)))
        .exec();
    } catch {
      // They go when they are old: see `keep`.
    }
  }
}
