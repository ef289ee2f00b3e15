import { setImmediate as hostTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import * as asyncio from "./index.ts";
import { isThenable } from "./thenable.ts";

const { createTask } = asyncio;
const eagerly = <T>(coro: () => PromiseLike<T>): asyncio.Task<T> => createTask(coro, { eagerStart: true });

/** Runs `main`; afterwards nothing may be left undecided. */
async function inLoop(main: (loop: asyncio.EventLoop) => Promise<void>): Promise<void> {
  await asyncio.run(async () => {
    const loop = asyncio.getRunningLoop();
    await main(loop);
    expect([loop._eager.size, loop._eager.undecided]).toEqual([0, 0]);
  });
}

describe("the first part of an eager task", () => {
  test("awaits: what it waits for is known when it was created", () =>
    inLoop(async (loop) => {
      const future = loop.createFuture<string>();
      const task = eagerly(async () => await future);
      expect(future._entries).toBe(task);
      task.cancel("at once");
      expect(future.cancelled()).toBe(true);
      await expect(task).rejects.toThrow("at once");
    }));

  test("awaits in a function that it calls, or by a promise that adopts", () =>
    inLoop(async (loop) => {
      const future = loop.createFuture<string>();
      const deep = async (levels: number): Promise<string> => (levels === 0 ? await future : await deep(levels - 1));
      const tasks = [eagerly(() => deep(3)), eagerly(() => Promise.resolve(future)), eagerly(() => future)];
      expect(future._allEntries()).toEqual(tasks);
      future.setResult("all");
      expect(await asyncio.gather(tasks)).toEqual(["all", "all", "all"]);
    }));

  test("awaits several at once", () =>
    inLoop(async (loop) => {
      const [a, b, c] = [loop.createFuture<string>(), loop.createFuture<string>(), loop.createFuture<string>()];
      const task = eagerly(async () => [await Promise.all([a, b, c]), await asyncio.sleep(0, "on")]);
      for (const future of [c, a, b]) {
        await asyncio.sleep(0);
        future.setResult("done");
      }
      expect(await task).toEqual([["done", "done", "done"], "on"]);
    }));

  test.each<[string, (future: asyncio.Future<string>) => Promise<string>]>([
    ["is done", async () => "end"],
    ["awaits what is done", async () => await Promise.resolve("end")],
    ["awaits a foreign promise", async () => await hostTurn("end")],
    ["waits for its turn", async () => await asyncio.sleep(0, "end")],
    ["awaits something else", async () => await asyncio.sleep(0.001, "end")],
  ])("only looks whether there is a `then`, and %s", (_, end) =>
    inLoop(async (loop) => {
      const future = loop.createFuture<string>();
      const task = eagerly(async () => {
        const last = end(future);
        return isThenable(future) ? await last : "none";
      });
      const looks = eagerly(async () => {
        if (isThenable(future)) return await end(future);
        return "none";
      });
      expect(await asyncio.gather(task, looks)).toEqual(["end", "end"]);
      expect(future._allEntries()).toEqual([]);
    }),
  );

  test("awaits: in debug mode, it is known where", () =>
    inLoop(async (loop) => {
      loop.setDebug(true);
      const future = loop.createFuture();
      async function waitsInHere(): Promise<void> {
        await future;
      }
      const task = eagerly(async () => await waitsInHere());
      await asyncio.sleep(0);
      expect(asyncio.formatCallGraph(task)).toMatch(/eager\.test\.ts:\d+.* waitsInHere/);
      future.setResult();
      await task;
    }));

  test("calls `then` by hand", () =>
    inLoop(async (loop) => {
      const future = loop.createFuture<string>();
      const task = eagerly(() => future.then((value) => `${value} and on`));
      future.setResult("done");
      expect(await task).toBe("done and on");
      expect(await future.then((value) => `${value} later`)).toBe("done later");
    }));

  test("of a function that throws and is not async", () =>
    inLoop(async () => {
      const task = eagerly(() => {
        throw new RangeError("at once");
      });
      expect(task.done()).toBe(true);
      await expect(task).rejects.toThrow("at once");
    }));

  test("awaits itself, or a future of another loop", () =>
    inLoop(async () => {
      const itself = eagerly(async () => await asyncio.currentTask());
      await expect(itself).rejects.toThrow("cannot await on itself");
      const foreign = new asyncio.EventLoop();
      const future = foreign.createFuture();
      await expect(eagerly(async () => await future)).rejects.toThrow("attached to a different loop");
      foreign.close();
    }));
});

describe("an eager task that awaits what is not ours", () => {
  test("is cancelled at its next wait, if its creator asks at once", () =>
    inLoop(async () => {
      const seen: string[] = [];
      const task = eagerly(async () => {
        await hostTurn();
        seen.push("goes on");
        await asyncio.sleep(10);
      });
      expect(task.cancel("at once")).toBe(true);
      await expect(task).rejects.toThrow("at once");
      expect(seen).toEqual(["goes on"]);
      expect(task.cancelling()).toBe(1);
    }));

  test("is waited for by all that can wait", () =>
    inLoop(async () => {
      const slow = async () => await hostTurn("slow");
      expect(await eagerly(slow)).toBe("slow");
      expect(
        await asyncio.gather(
          eagerly(slow),
          eagerly(async () => "quick"),
        ),
      ).toEqual(["slow", "quick"]);
      expect(await asyncio.shield(eagerly(slow))).toBe("slow");
      expect(await asyncio.waitFor(eagerly(slow), 5)).toBe("slow");
      await expect(
        asyncio.waitFor(
          eagerly(async () => [await slow(), await asyncio.sleep(5)]),
          0,
        ),
      ).rejects.toThrow(asyncio.TimeoutError);
      const { done } = await asyncio.wait([eagerly(slow)]);
      expect([...done].map((task) => task.result())).toEqual(["slow"]);
      const task = eagerly(slow);
      const told: unknown[] = [];
      const never = (): unknown => told.push("never");
      task.addDoneCallback((one) => told.push(one.result()));
      task.addDoneCallback(never);
      expect(task.removeDoneCallback(never)).toBe(1);
      await task;
      await asyncio.sleep(0);
      expect(told).toEqual(["slow"]);
    }));

  test("in a gather and a shield that are given up at once", () =>
    inLoop(async () => {
      const slow = async () => [await hostTurn("slow"), await asyncio.sleep(5)];
      const child = eagerly(slow);
      const all = asyncio.gather(
        child,
        eagerly(async () => "quick"),
      );
      expect(all.cancel("all")).toBe(true);
      await expect(all).rejects.toThrow("all");
      expect(child.cancelled()).toBe(true);
      const shielded = eagerly(async () => await hostTurn("goes on"));
      const outer = asyncio.shield(shielded);
      outer.cancel("the shield");
      await expect(outer).rejects.toThrow("the shield");
      expect(await shielded).toBe("goes on");
    }));
});
