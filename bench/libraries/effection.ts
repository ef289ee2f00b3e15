/** The rows in Effection. */
import { action, createQueue, type Operation, run, sleep, spawn, type Task, withResolvers } from "effection";
import { checkStarted, HOUR_MS, type Library, type Parked, type Timed } from "../library.ts";

const done = withResolvers<void>();
done.resolve();

function spawnAndJoin(work: (i: number) => Operation<number>): Timed {
  return async (n) =>
    await run(function* () {
      const tasks: Task<number>[] = [];
      for (let i = 0; i < n; i++) tasks.push(yield* spawn(() => work(i)));
      let total = 0;
      for (const task of tasks) total += yield* task;
      return total;
    });
}

/** Effection's own `sleep(0)` is a `setTimeout`, and takes a millisecond: this is what a user would write instead. */
const turn = action<void>((resolve) => {
  const immediate = setImmediate(resolve);
  return () => clearImmediate(immediate);
});

function* takeTurns(n: number): Operation<number> {
  for (let i = 0; i < n; i++) yield* turn;
  return n;
}

function parked(wait: (i: number, kept: unknown[]) => Operation<void>): Parked {
  return async (n, look) => {
    const kept = new Array<unknown>(n).fill(null);
    const tasks = new Array<Task<void> | null>(n).fill(null);
    let started = 0;
    function* work(i: number): Operation<void> {
      started++;
      yield* wait(i, kept);
    }
    await run(function* () {
      look();
      for (let i = 0; i < n; i++) tasks[i] = yield* spawn(() => work(i));
      yield* takeTurns(2);
      checkStarted(started, n);
      look();
    });
    checkStarted(tasks.length, n);
  };
}

/** The rows in Effection. */
export const effection: Library = {
  spawn: spawnAndJoin(function* (i) {
    yield* done.operation;
    return i;
  }),
  // To have no `yield` is the point.
  // oxlint-disable-next-line require-yield
  "spawn-return": spawnAndJoin(function* (i) {
    return i;
  }),
  sleep0: async (n) => await run(() => takeTurns(n)),
  "sleep0-pair": async (n) =>
    await run(function* () {
      const one = yield* spawn(() => takeTurns(n / 2));
      const other = yield* spawn(() => takeTurns(n / 2));
      return (yield* one) + (yield* other);
    }),
  "task-sleeps": spawnAndJoin(function* (i) {
    yield* sleep(10);
    return i;
  }),
  queue: async (n) =>
    await run(function* () {
      const queue = createQueue<number, void>();
      // Its `add` waits for nothing: there is no `yield` to have.
      // oxlint-disable-next-line require-yield
      const producer = yield* spawn(function* () {
        for (let i = 0; i < n; i++) queue.add(i);
      });
      const consumer = yield* spawn(function* () {
        let total = 0;
        for (let i = 0; i < n; i++) total += (yield* queue.next()).value ?? Number.NaN;
        return total;
      });
      yield* producer;
      return yield* consumer;
    }),
  "heap-sleep": parked(() => sleep(HOUR_MS)),
  "heap-future": parked((i, kept) => {
    const resolvers = withResolvers<void>();
    kept[i] = resolvers;
    return resolvers.operation;
  }),
};
