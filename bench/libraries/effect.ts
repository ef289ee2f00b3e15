/** The rows in Effect: fibers with a generator for a body. */
import { Deferred, Effect, Fiber } from "effect";
import { checkStarted, HOUR_MS, type Library, type Parked, type Timed } from "../library.ts";

const done = Deferred.makeUnsafe<void>();
Deferred.doneUnsafe(done, Effect.void);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function spawnAndJoin(work: (i: number) => Effect.Effect<number>): Timed {
  return (n) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const fibers: Fiber.Fiber<number>[] = [];
        for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkChild(work(i)));
        return sum(yield* Fiber.joinAll(fibers));
      }),
    );
}

const takeTurns = (n: number): Effect.Effect<number> =>
  Effect.gen(function* () {
    for (let i = 0; i < n; i++) yield* Effect.yieldNow;
    return n;
  });

function parked(wait: (i: number, kept: unknown[]) => Effect.Effect<void>): Parked {
  return async (n, look) => {
    const kept = new Array<unknown>(n).fill(null);
    const fibers = new Array<Fiber.Fiber<void> | null>(n).fill(null);
    let started = 0;
    const work = (i: number): Effect.Effect<void> =>
      Effect.gen(function* () {
        started++;
        yield* wait(i, kept);
      });
    await Effect.runPromise(
      Effect.gen(function* () {
        look();
        for (let i = 0; i < n; i++) fibers[i] = yield* Effect.forkChild(work(i));
        yield* takeTurns(2);
        checkStarted(started, n);
        look();
      }),
    );
    checkStarted(fibers.length, n);
  };
}

/** The rows in Effect. */
export const effect: Library = {
  spawn: spawnAndJoin((i) =>
    Effect.gen(function* () {
      yield* Deferred.await(done);
      return i;
    }),
  ),
  "spawn-return": spawnAndJoin((i) =>
    // To have no `yield` is the point.
    // oxlint-disable-next-line require-yield
    Effect.gen(function* () {
      return i;
    }),
  ),
  sleep0: (n) => Effect.runPromise(takeTurns(n)),
  "sleep0-pair": (n) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const one = yield* Effect.forkChild(takeTurns(n / 2));
        const other = yield* Effect.forkChild(takeTurns(n / 2));
        return sum(yield* Fiber.joinAll([one, other]));
      }),
    ),
  sleeps: spawnAndJoin((i) =>
    Effect.gen(function* () {
      yield* Effect.sleep(10);
      return i;
    }),
  ),
  "heap-sleep": parked(() => Effect.sleep(HOUR_MS)),
  "heap-future": parked((i, kept) => {
    const deferred = Deferred.makeUnsafe<void>();
    kept[i] = deferred;
    return Deferred.await(deferred);
  }),
};
