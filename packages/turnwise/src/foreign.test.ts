/** Promises that are not Turnwise's, awaited inside tasks. */
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as hostSleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { CancelledError, TimeoutError } from "./exceptions.ts";
import { gather } from "./gather.ts";
import { Lock } from "./locks.ts";
import { run } from "./runners.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./taskgroups.ts";
import { runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/slow") return; // Never answers.
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const here = fileURLToPath(import.meta.url);

/** One foreign wait of each kind. They are real waits, of a few milliseconds each. */
const waits: Record<string, () => Promise<unknown>> = {
  fetch: async () => (await fetch(url)).text(),
  "fs promises": () => readFile(here),
  "a timer of Node's": () => hostSleep(2),
  "a resolved promise": async () => {
    await Promise.resolve();
  },
  setImmediate: () => new Promise((resolve) => setImmediate(resolve)),
  queueMicrotask: () => new Promise<void>((resolve) => queueMicrotask(resolve)),
  nextTick: () => new Promise<void>((resolve) => process.nextTick(resolve)),
  "an async generator": async () => {
    async function* numbers() {
      yield 1;
      await hostSleep(1);
      yield 2;
    }
    for await (const _ of numbers()) void 0;
  },
  "a stream": async () => {
    for await (const _ of Readable.from(["a", "b"])) void 0;
  },
  "an event": async () => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit("ping"), 1);
    await once(emitter, "ping");
  },
  "a thenable of another library": async () => {
    const thenable = { then: (resolve: (value: number) => void) => void setTimeout(() => resolve(1), 1) };
    await thenable;
  },
};

describe.each(Object.entries(waits))("after %s", (_name, wait) => {
  test("the current task is the same, and the loop goes on", () =>
    runVirtual(async () => {
      const worker = async (): Promise<void> => {
        const me = currentTask();
        await wait();
        expect(currentTask()).toBe(me);
        await sleep(1);
        expect(currentTask()).toBe(me);
        await wait();
        await sleep(0);
        await wait();
        expect(currentTask()).toBe(me);
      };
      await gather(worker, worker, worker);
      expect(getRunningLoop().time()).toBe(1);
    }));

  test("a cancellation that came meanwhile is delivered at the next wait of ours", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const task = createTask(async () => {
        await wait();
        log.push("foreign wait over");
        await sleep(1);
        log.push("not reached");
      });
      await sleep(0);
      task.cancel("stop");
      await expect(task).rejects.toThrow(new CancelledError("stop"));
      expect(log).toEqual(["foreign wait over"]);
      expect(getRunningLoop().time()).toBe(0);
    }));
});

test("all kinds of foreign waits in one group of tasks", () =>
  runVirtual(async () => {
    const finished: string[] = [];
    await taskGroup(async (group) => {
      for (const [name, wait] of Object.entries(waits)) {
        group.createTask(
          async () => {
            for (let i = 0; i < 3; i++) {
              await wait();
              expect(currentTask()?.getName()).toBe(name);
              await sleep(i);
              expect(currentTask()?.getName()).toBe(name);
            }
            finished.push(name);
          },
          { name },
        );
      }
    });
    expect(finished.sort()).toEqual(Object.keys(waits).sort());
  }));

test("a task that ends after a foreign wait ends cancelled if it was cancelled meanwhile", () =>
  runVirtual(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const task = createTask(async () => {
      await promise;
      return "a result";
    });
    await sleep(0);
    task.cancel();
    resolve();
    await expect(task).rejects.toThrow(CancelledError);
    expect(task.cancelled()).toBe(true);
  }));

test("an error after a foreign wait wins over a cancellation that came meanwhile", () =>
  runVirtual(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const task = createTask(async () => {
      await promise;
      throw new Error("mine");
    });
    await sleep(0);
    task.cancel();
    resolve();
    await expect(task).rejects.toThrow("mine");
  }));

test("a deadline that passes in a foreign wait is a TimeoutError at the next wait of ours", async () => {
  // Real time: a virtual clock stands while a foreign promise is out.
  await run(async () => {
    await expect(
      timeout(0.005, async () => {
        await hostSleep(20);
        await sleep(10);
      }),
    ).rejects.toThrow(TimeoutError);
    expect(currentTask()?.cancelling()).toBe(0);
  });
});

describe("a race that was left does not swallow what comes later", () => {
  test("a cancellation in a foreign wait", () =>
    runVirtual(async () => {
      const task = createTask(async () => {
        await Promise.race([sleep(100), sleep(1)]);
        await hostSleep(20);
        await sleep(3);
      });
      await sleep(2);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
    }));

  test("a cancellation of the task by itself", () =>
    runVirtual(async () => {
      const task = createTask(async () => {
        await Promise.race([sleep(100), sleep(1)]);
        currentTask()?.cancel();
        await sleep(3);
      });
      await expect(task).rejects.toThrow(CancelledError);
    }));

  test("a deadline in a foreign wait", async () => {
    // Real time: a virtual clock stands while a foreign promise is out.
    await run(async () => {
      const body = timeout(0.01, async () => {
        await Promise.race([sleep(100), sleep(0)]);
        await hostSleep(30);
        await sleep(0.01);
      });
      await expect(body).rejects.toThrow(TimeoutError);
    });
  });
});

// Real time: the other task is always ready, and only real time gives the host its turns.
test("other tasks run while one waits for a foreign promise", () =>
  run(async () => {
    let steps = 0;
    const other = createTask(async () => {
      for (;;) {
        await sleep(0);
        steps++;
      }
    });
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    other.cancel();
    expect(steps).toBeGreaterThan(0);
  }));

test("a native promise that one task resolves and another awaits wakes it", () =>
  runVirtual(async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiter = createTask(
      async () => {
        const value = await promise;
        return `${value} in ${currentTask()?.getName()}`;
      },
      { name: "waiter" },
    );
    await sleep(0);
    resolve("hello");
    expect(await waiter).toBe("hello in waiter");
  }));

test("an async generator that sleeps is part of the task that asks for its items", () =>
  runVirtual(async () => {
    const seen: (string | undefined)[] = [];
    async function* ticks() {
      for (let i = 0; i < 3; i++) {
        await sleep(1);
        seen.push(currentTask()?.getName());
        yield i;
      }
    }
    const consumer = createTask(
      async () => {
        for await (const _ of ticks()) await sleep(1);
      },
      { name: "consumer" },
    );
    await consumer;
    expect(seen).toEqual(["consumer", "consumer", "consumer"]);
    expect(getRunningLoop().time()).toBe(6);
  }));

test("a cancelled consumer runs the generator's finally, with awaits in it", () =>
  runVirtual(async () => {
    const log: string[] = [];
    async function* ticks() {
      try {
        for (;;) yield await sleep(1, "tick");
      } finally {
        await sleep(1);
        log.push("closed");
      }
    }
    const consumer = createTask(async () => {
      for await (const tick of ticks()) log.push(tick);
    });
    await sleep(2.5);
    consumer.cancel();
    await expect(consumer).rejects.toThrow(CancelledError);
    expect(log).toEqual(["tick", "tick", "closed"]);
  }));

test("who comes by way of a foreign promise does not overtake those who wait for a lock", async () => {
  // However many turns of promises it takes them to get there.
  for (let hops = 0; hops < 12; hops++) {
    await runVirtual(async () => {
      const lock = new Lock();
      const entered: string[] = [];
      let inside = 0;
      const critical = async (name: string): Promise<void> => {
        entered.push(name);
        expect(++inside).toBe(1);
        await sleep(0);
        inside--;
      };
      const { promise, resolve } = Promise.withResolvers<void>();
      const holder = createTask(async () => {
        await lock.acquire();
        await sleep(1);
        resolve();
        lock.release();
      });
      const waiter = createTask(() => lock.with(() => critical("waiter")));
      const foreign = createTask(async () => {
        await promise;
        for (let i = 0; i < hops; i++) await Promise.resolve();
        await lock.with(() => critical("foreign"));
      });
      await gather(holder, waiter, foreign);
      expect(entered).toEqual(["waiter", "foreign"]);
    });
  }
});
