import { LifoQueue, PriorityQueue, Queue } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A PriorityQueue gives the smallest, a LifoQueue the latest. */
export default async function main(log: Log): Promise<void> {
  for (const queue of [new Queue<number>(), new PriorityQueue<number>(), new LifoQueue<number>()]) {
    for (const n of [5, 1, 4, 2, 3]) queue.putNowait(n);
    log(show([1, 2, 3, 4, 5].map(() => queue.getNowait())));
  }
}
