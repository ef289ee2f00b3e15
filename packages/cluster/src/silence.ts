/** Connections that are dead, though nobody has said so: packets can be lost for good. */
import type { Socket } from "node:net";
import type { Redis } from "ioredis";

/**
 * No answer for so long, in ms, and a connection is dead, by default: ioredis' `socketTimeout`. BullMQ asks Redis to wait
 * for 10 s at most.
 */
const SILENCE = 30_000;
/** What timers can wait for, in ms. */
const LONGEST = 2 ** 31;
/** How often it is looked, in that time. */
const LOOKS = 6;

/**
 * Breaks the connection, which then comes back by itself, once nothing was heard for so long of what was asked. ioredis
 * can do it, but sets a timer for each command, which is a twentieth of what a call takes. And it takes a connection for
 * dead whose answers lie here unread, since this thread was blocked: here a thread that was counts for one look.
 *
 * @param silence - 0 and Infinity stand for: never.
 * @param isListener - it only listens for what others publish: as it asks for nothing by itself, it is asked to.
 */
export function endIfSilent(redis: Redis, silence: number = SILENCE, isListener: boolean = false): void {
  if (!(silence > 0 && silence < LONGEST)) return;
  let heard = 0;
  let looks = 0;
  const look = (): void => {
    const { stream, commandQueue } = redis; // Of the latest connection: there is none before the first.
    if (isListener && redis.status === "ready" && commandQueue.length === 0) redis.ping().catch(() => {});
    const bytesRead = (stream as Socket | undefined)?.bytesRead ?? 0;
    looks = commandQueue.length > 0 && bytesRead === heard ? looks + 1 : 0;
    heard = bytesRead;
    if (looks <= LOOKS) return;
    looks = 0;
    stream.destroy(new Error(`no answer for ${silence / 1000} s`));
  };
  const timer = setInterval(look, silence / LOOKS);
  timer.unref();
  redis.on("end", () => clearInterval(timer));
}
