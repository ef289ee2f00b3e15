/** The rows in plain promises, on Node's timers. */
import { checkStarted, HOUR_MS, type Library, type Parked, type Timed } from "../library.ts";

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
  sleeps: spawnAndJoin(async (i) => {
    await new Promise<void>((resolve) => setTimeout(resolve, 10));
    return i;
  }),
  "heap-sleep": parked(() => new Promise<void>((resolve) => setTimeout(resolve, HOUR_MS))),
  "heap-future": parked(
    (i, kept) =>
      new Promise<void>((resolve) => {
        kept[i] = resolve;
      }),
  ),
};
