/** The rows in Turnwise. */
import * as asyncio from "turnwise";
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
  "sleep0-pair": (n) =>
    asyncio.run(async () => {
      const one = asyncio.createTask(() => takeTurns(n / 2));
      const other = asyncio.createTask(() => takeTurns(n / 2));
      return (await one) + (await other);
    }),
  sleeps: spawnAndJoin(async (i) => {
    await asyncio.sleep(0.01);
    return i;
  }),
  "heap-sleep": parked(() => asyncio.sleep(HOUR_MS / 1000)),
  "heap-future": parked((i, kept) => {
    const future = asyncio.getRunningLoop().createFuture();
    kept[i] = future;
    return future;
  }),
  "ready-1k": ready(1_000),
  "ready-1m": ready(1_000_000),
  lateness,
};
