/** Whether Redis has thrown away events before they were read: BullMQ lets it keep the last 10,000 of a queue. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

/** Knows the last event that was heard of. The id of an event is "time-number". */
export class MissedEvents {
  readonly #key: string;
  readonly #redis: Redis;
  #last = "0-0";

  constructor(queue: Queue, redis: Redis) {
    this.#key = queue.keys["events"] as string;
    this.#redis = redis;
  }

  /** @returns the last event that there is: those that come after it are to be heard. */
  async begin(): Promise<string> {
    const [newest] = await this.#redis.xrevrange(this.#key, "+", "-", "COUNT", 1);
    if (newest !== undefined) this.#last = newest[0];
    return this.#last;
  }

  /** An event was heard of. */
  heard(id: string): void {
    this.#last = id;
  }

  /** Whether there are any. It says so once. */
  async any(): Promise<boolean> {
    const before = this.#last;
    try {
      const [oldest] = await this.#redis.xrange(this.#key, "-", "+", "COUNT", 1);
      if (oldest === undefined || !isLater(oldest[0], before)) return false;
      if (isLater(oldest[0], this.#last)) this.#last = oldest[0];
      return true;
    } catch {
      return false; // The connection is gone. When it is back, all is looked at anyway.
    }
  }
}

function isLater(id: string, other: string): boolean {
  const [time = 0, number = 0] = id.split("-").map(Number);
  const [otherTime = 0, otherNumber = 0] = other.split("-").map(Number);
  return time > otherTime || (time === otherTime && number > otherNumber);
}
