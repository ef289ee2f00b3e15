/** The rows in Effect: fibers with a generator for a body. */
import { Deferred, Effect, Fiber, Queue, Semaphore } from "effect";
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

/** `Effect.all` is Effect's task group: its effects run at once, and end with it. */
const together = { concurrency: "unbounded", discard: true } as const;

function groups(size: number): Timed {
  return (n) =>
    Effect.runPromise(
      Effect.gen(function* () {
        let done = 0;
        // To have no `yield` is the point.
        // oxlint-disable-next-line require-yield
        const work = Effect.gen(function* () {
          done++;
        });
        for (let left = n; left > 0; left -= size) {
          const works: Effect.Effect<void>[] = [];
          for (let i = Math.min(size, left); i > 0; i--) works.push(work);
          yield* Effect.all(works, together);
        }
        return done;
      }),
    );
}

const cancelGroup: Timed = (n, begin) =>
  Effect.runPromise(
    Effect.gen(function* () {
      let started = 0;
      let ended = 0;
      const work = Effect.gen(function* () {
        started++;
        yield* Effect.sleep(HOUR_MS);
      }).pipe(Effect.ensuring(Effect.sync(() => ended++)));
      const group = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: n }, () => work),
          together,
        ),
      );
      yield* takeTurns(2);
      checkStarted(started, n);
      begin();
      yield* Fiber.interrupt(group);
      return ended;
    }),
  );

const timeouts: Timed = (n) =>
  Effect.runPromise(
    Effect.gen(function* () {
      let count = 0;
      for (let i = 0; i < n; i++) {
        yield* Effect.gen(function* () {
          yield* Deferred.await(done);
          count++;
        }).pipe(Effect.timeout(1000));
      }
      return count;
    }),
  );

function throughQueue(made: Effect.Effect<Queue.Queue<number>>): Timed {
  return (n) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const queue = yield* made;
        const produce = Effect.gen(function* () {
          for (let i = 0; i < n; i++) yield* Queue.offer(queue, i);
        });
        const consume = Effect.gen(function* () {
          let total = 0;
          for (let i = 0; i < n; i++) total += yield* Queue.take(queue);
          return total;
        });
        const [, total] = yield* Effect.all([produce, consume], { concurrency: "unbounded" });
        return total;
      }),
    );
}

/** Counts the times that the permit came from the other fiber. */
const handOver: Timed = (n) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const lock = yield* Semaphore.make(1);
      let holder = "nobody";
      let handOvers = 0;
      const work = (name: string): Effect.Effect<void> =>
        Effect.gen(function* () {
          for (let i = 0; i < n / 2; i++) {
            yield* lock.take(1);
            if (holder !== name) handOvers++;
            holder = name;
            yield* Effect.yieldNow;
            yield* lock.release(1);
          }
        });
      yield* Effect.all([work("one"), work("other")], together);
      return handOvers;
    }),
  );

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
  sleeps: async (n) => {
    const sleeps = Array.from({ length: n }, () => Effect.sleep(10));
    return (await Effect.runPromise(Effect.all(sleeps, { concurrency: "unbounded" }))).length;
  },
  "task-sleeps": spawnAndJoin((i) =>
    Effect.gen(function* () {
      yield* Effect.sleep(10);
      return i;
    }),
  ),
  gather: (n) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const work = Array.from({ length: n }, (_, i) =>
          // To have no `yield` is the point.
          // oxlint-disable-next-line require-yield
          Effect.gen(function* () {
            return i;
          }),
        );
        return sum(yield* Effect.all(work, { concurrency: "unbounded" }));
      }),
    ),
  "group-1": groups(1),
  "group-100": groups(100),
  "group-100k": groups(100_000),
  "cancel-group": cancelGroup,
  "timeout-ready": timeouts,
  queue: throughQueue(Queue.unbounded<number>()),
  "queue-128": throughQueue(Queue.bounded<number>(128)),
  lock: handOver,
  "heap-sleep": parked(() => Effect.sleep(HOUR_MS)),
  "heap-future": parked((i, kept) => {
    const deferred = Deferred.makeUnsafe<void>();
    kept[i] = deferred;
    return Deferred.await(deferred);
  }),
};
