/** The rows in Turnwise. */
import * as asyncio from "turnwise";
import { watching } from "./turnwise-watched.ts";
import { checkStarted, HOUR_MS, type Library, type Parked, type Timed } from "../library.ts";

const settled = Promise.resolve();

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Tasks of `work(0)` to `work(n - 1)`, joined by a gather. */
function spawnAndJoin(work: (i: number) => Promise<number>): Timed {
  return (n) =>
    asyncio.run(async () => {
      const tasks: asyncio.Task<number>[] = [];
      for (let i = 0; i < n; i++) tasks.push(asyncio.createTask(() => work(i)));
      return sum(await asyncio.gather(tasks));
    });
}

async function takeTurns(n: number): Promise<number> {
  for (let i = 0; i < n; i++) await asyncio.sleep(0);
  return n;
}

async function takeTurnsInTwoTasks(n: number): Promise<number> {
  return await asyncio.run(async () => {
    const one = asyncio.createTask(() => takeTurns(n / 2));
    const other = asyncio.createTask(() => takeTurns(n / 2));
    return (await one) + (await other);
  });
}

/** So many tasks at once that each only counts, created and run; again until there were `n`. */
function ready(atOnce: number): Timed {
  return (n) =>
    asyncio.run(async () => {
      let done = 0;
      while (done < n) {
        const end = done + atOnce;
        const allDone = asyncio.getRunningLoop().createFuture();
        const work = async (): Promise<void> => {
          if (++done === end) allDone.setResult();
        };
        for (let i = 0; i < atOnce; i++) asyncio.createTask(work);
        await allDone;
      }
      return done;
    });
}

/** Parks tasks in what `wait(i)` gives. */
function parked(wait: (i: number, kept: unknown[]) => PromiseLike<unknown>): Parked {
  return async (n, look) => {
    const kept = new Array<unknown>(n).fill(null);
    const tasks = new Array<asyncio.Task<void> | null>(n).fill(null);
    await asyncio.run(async () => {
      let started = 0;
      const work = async (i: number): Promise<void> => {
        started++;
        await wait(i, kept);
      };
      look();
      for (let i = 0; i < n; i++) tasks[i] = asyncio.createTask(() => work(i));
      // Two turns: all of them ran up to their wait, whatever the first turn had to do besides.
      await takeTurns(2);
      checkStarted(started, n);
      look();
    });
    checkStarted(tasks.length, n);
  };
}

/** Groups of so many children that each only count; again until there were `n`. */
function groups(size: number): Timed {
  return (n) =>
    asyncio.run(async () => {
      let done = 0;
      const work = async (): Promise<void> => {
        done++;
      };
      for (let left = n; left > 0; left -= size) {
        await asyncio.taskGroup(async (group) => {
          for (let i = Math.min(size, left); i > 0; i--) group.createTask(work);
        });
      }
      return done;
    });
}

const cancelGroup: Timed = (n, begin) =>
  asyncio.run(async () => {
    let started = 0;
    let ended = 0;
    const work = async (): Promise<void> => {
      started++;
      try {
        await asyncio.sleep(HOUR_MS / 1000);
      } finally {
        ended++;
      }
    };
    const scope = asyncio.createTask(() =>
      asyncio.taskGroup(async (group) => {
        for (let i = 0; i < n; i++) group.createTask(work);
      }),
    );
    // One turn for the group, and two for its children as in `parked`.
    await takeTurns(3);
    checkStarted(started, n);
    begin();
    scope.cancel();
    await asyncio.wait([scope]);
    return ended;
  });

const timeouts: Timed = (n) =>
  asyncio.run(async () => {
    let done = 0;
    for (let i = 0; i < n; i++) {
      await asyncio.timeout(1, async () => {
        await settled;
        done++;
      });
    }
    return done;
  });

function throughQueue(maxsize: number): Timed {
  return (n) =>
    asyncio.run(async () => {
      const queue = new asyncio.Queue<number>(maxsize);
      const produce = async (): Promise<void> => {
        for (let i = 0; i < n; i++) await queue.put(i);
      };
      const consume = async (): Promise<number> => {
        let total = 0;
        for (let i = 0; i < n; i++) total += await queue.get();
        return total;
      };
      const [, total] = await asyncio.gather(produce, consume);
      return total;
    });
}

/** Counts the times that the lock came from the other task: all, as whoever releases it finds the other in line. */
const handOver: Timed = (n) =>
  asyncio.run(async () => {
    const lock = new asyncio.Lock();
    let holder = "nobody";
    let handOvers = 0;
    const work = async (name: string): Promise<void> => {
      for (let i = 0; i < n / 2; i++) {
        await lock.acquire();
        if (holder !== name) handOvers++;
        holder = name;
        await asyncio.sleep(0);
        lock.release();
      }
    };
    await asyncio.gather(
      () => work("one"),
      () => work("other"),
    );
    return handOvers;
  });

const BUSY_SECONDS = 2;
const BUSY_TASKS = 100;
const STEP_MS = 0.02;
const TIMER_MS = 10;

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The worst lateness, in ms, of a timer of Node's that is set again and again beside a busy loop. */
async function lateness(): Promise<number> {
  let worst = 0;
  let rings = 0;
  let timer: NodeJS.Timeout;
  const set = (): void => {
    const due = performance.now() + TIMER_MS;
    timer = setTimeout(() => {
      rings++;
      worst = Math.max(worst, performance.now() - due);
      set();
    }, TIMER_MS);
  };
  await asyncio.run(async () => {
    const end = performance.now() + BUSY_SECONDS * 1000;
    const work = async (): Promise<void> => {
      while (performance.now() < end) {
        compute(STEP_MS);
        await asyncio.sleep(0);
      }
    };
    set();
    await asyncio.gather(Array.from({ length: BUSY_TASKS }, () => work));
    clearTimeout(timer);
  });
  // One that never rang was never seen to be late.
  if (rings === 0) throw new Error("the timer never rang");
  return worst;
}

/** The rows in Turnwise. */
export const turnwise: Library = {
  spawn: spawnAndJoin(async (i) => {
    await settled;
    return i;
  }),
  "spawn-return": spawnAndJoin(async (i) => i),
  sleep0: (n) => asyncio.run(() => takeTurns(n)),
  "sleep0-pair": takeTurnsInTwoTasks,
  sleeps: (n) =>
    asyncio.run(async () => (await asyncio.gather(Array.from({ length: n }, () => asyncio.sleep(0.01)))).length),
  "task-sleeps": spawnAndJoin(async (i) => {
    await asyncio.sleep(0.01);
    return i;
  }),
  gather: (n) => asyncio.run(async () => sum(await asyncio.gather(Array.from({ length: n }, (_, i) => async () => i)))),
  "group-1": groups(1),
  "group-100": groups(100),
  "group-100k": groups(100_000),
  "cancel-group": cancelGroup,
  "timeout-ready": timeouts,
  queue: throughQueue(0),
  "queue-128": throughQueue(128),
  lock: handOver,
  "heap-sleep": parked(() => asyncio.sleep(HOUR_MS / 1000)),
  "heap-future": parked((i, kept) => {
    const future = asyncio.getRunningLoop().createFuture();
    kept[i] = future;
    return future;
  }),
  "ready-1k": ready(1_000),
  "ready-1m": ready(1_000_000),
  lateness,
  ...watching,
};
