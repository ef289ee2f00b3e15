/** Jobs whose results have arrived: Redis need not keep them any longer. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

export class ReceivedJobs {
  readonly #queue: Queue;
  readonly #redis: Redis;
  #ids: string[] = [];
  #events: string[] = [];

  constructor(queue: Queue, redis: Redis) {
    this.#queue = queue;
    this.#redis = redis;
  }

  /**
   * The result of a job is here.
   * @param event - that brought it, if one did: the result is in it once more.
   */
  add(id: string, event: string | null): void {
    this.#ids.push(id);
    if (event !== null) this.#events.push(event);
  }

  /** Removes them, all at once; not with BullMQ's `remove`, which tells all who listen of each. */
  async drop(): Promise<void> {
    const [ids, events] = [this.#ids, this.#events];
    if (ids.length === 0) return;
    this.#ids = [];
    this.#events = [];
    try {
      const commands = this.#redis.pipeline();
      if (events.length > 0) commands.xdel(this.#queue.keys["events"] as string, ...events);
      await commands
        .zrem(this.#queue.keys["completed"] as string, ...ids)
        .unlink(...ids.map((id) => this.#queue.toKey(id)))
        .exec();
    } catch {
      // They go when they are old: see `keep`.
    }
  }
}
