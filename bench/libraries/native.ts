/** The rows in plain promises, on Node's timers. */
import { checkStarted, HOUR_MS, type Library, type Parked, type Timed } from "../library.ts";
import { Lock, Queue } from "./native-locks.ts";

const settled = Promise.resolve();

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function spawnAndJoin(work: (i: number) => Promise<number>): Timed {
  return async (n) => {
    const promises: Promise<number>[] = [];
    for (let i = 0; i < n; i++) promises.push(work(i));
    return sum(await Promise.all(promises));
  };
}

/** A promise on `setImmediate` is what lets timers and I/O have a turn: what `sleep(0)` is for. */
async function takeTurns(n: number): Promise<number> {
  for (let i = 0; i < n; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  return n;
}

function parked(wait: (i: number, kept: unknown[]) => Promise<unknown>): Parked {
  return async (n, look) => {
    const kept = new Array<unknown>(n).fill(null);
    const promises = new Array<Promise<void> | null>(n).fill(null);
    let started = 0;
    const work = async (i: number): Promise<void> => {
      started++;
      await wait(i, kept);
    };
    look();
    for (let i = 0; i < n; i++) promises[i] = work(i);
    await settled;
    checkStarted(started, n);
    look();
    checkStarted(promises.length, n);
  };
}

function groups(size: number): Timed {
  return async (n) => {
    let done = 0;
    const work = async (): Promise<void> => {
      done++;
    };
    for (let left = n; left > 0; left -= size) {
      const promises: Promise<void>[] = [];
      for (let i = Math.min(size, left); i > 0; i--) promises.push(work());
      await Promise.all(promises);
    }
    return done;
  };
}

async function withTimeout<T>(ms: number, body: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the time is up")), ms);
  });
  try {
    return await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function throughQueue(maxsize: number): Timed {
  return async (n) => {
    const queue = new Queue<number>(maxsize);
    const produce = async (): Promise<void> => {
      for (let i = 0; i < n; i++) await queue.put(i);
    };
    const consume = async (): Promise<number> => {
      let total = 0;
      for (let i = 0; i < n; i++) total += await queue.get();
      return total;
    };
    const [, total] = await Promise.all([produce(), consume()]);
    return total;
  };
}

/** With the cheapest turn there is, a microtask: the row is of the lock, and others have `sleep(0)` by itself. */
const handOver: Timed = async (n) => {
  const lock = new Lock();
  let holder = "nobody";
  let handOvers = 0;
  const work = async (name: string): Promise<void> => {
    for (let i = 0; i < n / 2; i++) {
      await lock.acquire();
      if (holder !== name) handOvers++;
      holder = name;
      await settled;
      lock.release();
    }
  };
  await Promise.all([work("one"), work("other")]);
  return handOvers;
};

/** The rows in plain promises. */
export const native: Library = {
  spawn: spawnAndJoin(async (i) => {
    await settled;
    return i;
  }),
  "spawn-return": spawnAndJoin(async (i) => i),
  sleep0: takeTurns,
  "sleep0-pair": async (n) => {
    const [one, other] = await Promise.all([takeTurns(n / 2), takeTurns(n / 2)]);
    return one + other;
  },
  sleeps: async (n) => {
    const sleep = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
    return (await Promise.all(Array.from({ length: n }, sleep))).length;
  },
  "task-sleeps": spawnAndJoin(async (i) => {
    await new Promise<void>((resolve) => setTimeout(resolve, 10));
    return i;
  }),
  gather: async (n) => {
    const work = Array.from({ length: n }, (_, i) => async () => i);
    return sum(await Promise.all(work.map((one) => one())));
  },
  "group-1": groups(1),
  "group-100": groups(100),
  "group-100k": groups(100_000),
  "timeout-ready": async (n) => {
    let done = 0;
    for (let i = 0; i < n; i++) {
      await withTimeout(1000, async () => {
        await settled;
        done++;
      });
    }
    return done;
  },
  queue: throughQueue(Infinity),
  "queue-128": throughQueue(128),
  lock: handOver,
  "heap-sleep": parked(() => new Promise<void>((resolve) => setTimeout(resolve, HOUR_MS))),
  "heap-future": parked(
    (i, kept) =>
      new Promise<void>((resolve) => {
        kept[i] = resolve;
      }),
  ),
};
