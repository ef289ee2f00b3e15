/** How long to wait for a Redis that may be gone for good. */
import type { Redis } from "ioredis";
import type { Seconds } from "turnwise";

/** So long, in seconds, where nothing is lost by it. */
export const GIVE_UP_AFTER: Seconds = 2;

/**
 * Waits for `work`, but for no longer than `patience` while Redis can't be reached.
 * @param patience - in seconds; asked for when the connection is lost.
 * @param hurry - once it is settled {@link GIVE_UP_AFTER} has to do.
 * @returns whether the work is done.
 */
export async function unlessUnreachable(
  redis: Redis,
  work: Promise<void>,
  patience: () => Seconds = () => GIVE_UP_AFTER,
  hurry: Promise<void> | null = null,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let allowed = patience;
  const lost = Promise.withResolvers<false>();
  const reached = (): void => clearTimeout(timer);
  const look = (): void => {
    reached();
    if (redis.status !== "ready") timer = setTimeout(() => lost.resolve(false), allowed() * 1000);
  };
  redis.on("ready", reached).on("close", look);
  void hurry?.then(() => {
    allowed = () => GIVE_UP_AFTER;
    look();
  });
  look();
  try {
    return await Promise.race([work.then(() => true), lost.promise]);
  } finally {
    reached();
    redis.off("ready", reached).off("close", look);
  }
}
