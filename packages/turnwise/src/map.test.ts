/** Bounded concurrency: `map`, and `taskGroup` with a limit. */
import { describe, expect, test } from "vitest";
import { CancelledError } from "./exceptions.ts";
import { createTask, EventLoop, map, sleep, taskGroup } from "./index.ts";
import { getRunningLoop } from "./running.ts";
import { runVirtual } from "./testing.ts";

/** Counts how many run at a time. */
class Gauge {
  running = 0;
  most = 0;
  async run(seconds: number): Promise<void> {
    this.most = Math.max(this.most, ++this.running);
    try {
      await sleep(seconds);
    } finally {
      this.running--;
    }
  }
}

describe("map", () => {
  test("gives the results in the items' order, never more than the limit at a time", () =>
    runVirtual(async () => {
      const gauge = new Gauge();
      const results = await map(
        [3, 1, 2, 1, 1],
        async (seconds, index) => {
          await gauge.run(seconds);
          return `${index}: ${seconds}`;
        },
        { limit: 2 },
      );
      expect(results).toEqual(["0: 3", "1: 1", "2: 2", "3: 1", "4: 1"]);
      expect(gauge.most).toBe(2);
      expect(getRunningLoop().time()).toBe(4);
    }));

  test("runs all at once without a limit, and gives nothing for nothing", () =>
    runVirtual(async () => {
      const gauge = new Gauge();
      await map([1, 1, 1], (seconds) => gauge.run(seconds));
      expect(gauge.most).toBe(3);
      expect(await map([], async () => 1, { limit: 1 })).toEqual([]);
    }));

  test("takes the next item of an async iterable only when a call can start", () =>
    runVirtual(async () => {
      const taken: [item: number, at: number][] = [];
      async function* items(): AsyncGenerator<number> {
        for (let item = 0; item < 4; item++) {
          taken.push([item, getRunningLoop().time()]);
          yield item;
        }
      }
      expect(await map(items(), async (item) => await sleep(1, item * 2), { limit: 1 })).toEqual([0, 2, 4, 6]);
      expect(taken.map(([, at]) => at)).toEqual([0, 1, 2, 3]);
    }));

  test("the first failure cancels the others, waits for their clean-up, closes the iterable, and is thrown as it is", () =>
    runVirtual(async () => {
      const log: string[] = [];
      function* items(): Generator<number> {
        try {
          for (let item = 0; ; item++) yield item;
        } finally {
          log.push("closed");
        }
      }
      const failure = new RangeError("no");
      const mapping = map(
        items(),
        async (item) => {
          if (item === 1) {
            await sleep(1);
            throw failure;
          }
          try {
            await sleep(100);
          } catch (error) {
            expect(error).toBeInstanceOf(CancelledError);
            await sleep(2);
            log.push(`${item} cleaned up`);
            throw error;
          }
        },
        { limit: 3 },
      );
      await expect(mapping).rejects.toBe(failure);
      expect(log.toSorted()).toEqual(["0 cleaned up", "2 cleaned up", "closed"]);
      expect(getRunningLoop().time()).toBe(3);
    }));

  test("throws what the iterable throws, and cancels what runs", () =>
    runVirtual(async () => {
      const gauge = new Gauge();
      async function* items(): AsyncGenerator<number> {
        yield 100;
        await sleep(1);
        throw new RangeError("dry");
      }
      await expect(map(items(), (seconds) => gauge.run(seconds))).rejects.toThrow("dry");
      expect([gauge.running, getRunningLoop().time()]).toEqual([0, 1]);
    }));

  test("cancelling the task that awaits it cancels all calls; so does its signal", () =>
    runVirtual(async () => {
      const gauge = new Gauge();
      const controller = new AbortController();
      const mapping = (signal?: AbortSignal): Promise<void[]> =>
        map([100, 100, 100], (seconds) => gauge.run(seconds), { limit: 2, signal });
      const task = createTask(() => mapping());
      const signalled = createTask(() => mapping(controller.signal));
      await sleep(1);
      expect(gauge.running).toBe(4);
      task.cancel();
      controller.abort();
      await expect(task).rejects.toBeInstanceOf(CancelledError);
      await expect(signalled).rejects.toBeDefined();
      expect([gauge.running, getRunningLoop().time()]).toEqual([0, 1]);
    }));

  test("refuses what it can't use", () =>
    runVirtual(async () => {
      const nothing = async (): Promise<void> => {};
      await expect(map([1], nothing, { limit: 0 })).rejects.toThrow("limit must be 1 or more, got 0");
      await expect(map([1], nothing, { limit: Number.NaN })).rejects.toBeInstanceOf(RangeError);
      await expect(map(1 as never, nothing)).rejects.toThrow("map() takes an iterable or async iterable, got 1");
      await expect(map([1], 1 as never)).rejects.toThrow("map() takes a function, got 1");
      await expect(map([1], nothing)).resolves.toEqual([undefined]);
    }));

  test("refuses to run outside a task", async () => {
    expect(new EventLoop().isRunning()).toBe(false);
    await expect(map([1], async () => {})).rejects.toThrow("map() should be used inside a task");
  });
});

describe("a task group with a limit", () => {
  test("runs no more than so many children at a time, in the order in which they were made", () =>
    runVirtual(async () => {
      const gauge = new Gauge();
      const begun: number[] = [];
      await taskGroup(
        async (group) => {
          for (let child = 0; child < 5; child++) {
            group.createTask(async () => {
              begun.push(child);
              await gauge.run(1);
            });
          }
        },
        { limit: 2 },
      );
      expect([begun, gauge.most, getRunningLoop().time()]).toEqual([[0, 1, 2, 3, 4], 2, 3]);
    }));

  test("the failure of a child cancels the others: the one that has its slot by then at its first wait, the rest never begin", () =>
    runVirtual(async () => {
      const begun: number[] = [];
      const group = taskGroup(
        async (children) => {
          for (let child = 0; child < 4; child++) {
            children.createTask(async () => {
              begun.push(child);
              await sleep(1);
              throw new RangeError(`child ${child}`);
            });
          }
        },
        { limit: 1 },
      );
      await expect(group).rejects.toMatchObject({ errors: [{ message: "child 0" }] });
      expect([begun, getRunningLoop().time()]).toEqual([[0, 1], 1]);
    }));

  test("refuses a limit below 1", () =>
    runVirtual(async () => {
      await expect(taskGroup(async () => {}, { limit: 0.5 })).rejects.toThrow("limit must be 1 or more, got 0.5");
    }));
});
