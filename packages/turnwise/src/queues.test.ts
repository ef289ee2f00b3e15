/** What Turnwise's queues have beyond asyncio's: `for await`. All else is in `conformance/programs/queue`. */
import { expect, test } from "vitest";
import { createTask, LifoQueue, PriorityQueue, Queue, sleep } from "./index.ts";
import { runVirtual } from "./testing.ts";

test("for await takes items as they come, until the queue is shut down and empty", () =>
  runVirtual(async () => {
    const queue = new Queue<number>(1);
    const seen: number[] = [];
    const consumer = createTask(async () => {
      for await (const item of queue) seen.push(item);
      return "over";
    });
    for (const item of [1, 2, 3]) await queue.put(item);
    await sleep(1);
    expect([seen, consumer.done()]).toEqual([[1, 2, 3], false]);
    await queue.put(4);
    queue.shutdown();
    expect(await consumer).toBe("over");
    expect(seen).toEqual([1, 2, 3, 4]);
  }));

test("whoever leaves early takes no more than he has seen; the order is the queue's", () =>
  runVirtual(async () => {
    for (const [queue, order] of [
      [new LifoQueue<number>(), [3, 2, 1]],
      [new PriorityQueue<number>(), [1, 2, 3]],
    ] as const) {
      for (const item of [1, 2, 3]) queue.putNowait(item);
      for await (const item of queue) {
        expect(item).toBe(order[0]);
        break;
      }
      expect(queue.qsize()).toBe(2);
      queue.shutdown();
      const rest: number[] = [];
      for await (const item of queue) rest.push(item);
      expect(rest).toEqual(order.slice(1));
    }
  }));
