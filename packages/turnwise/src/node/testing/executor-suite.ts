/** What every executor does: the tests of one interface, for whoever implements it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as hostSleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { CancelledError, RuntimeError, TimeoutError } from "../../exceptions.ts";
import type { Future } from "../../futures.ts";
import { run } from "../../runners.ts";
import { timeout } from "../../timeouts.ts";
import type { Executor } from "../executor.ts";
import { runInExecutor } from "../executors.ts";
import { functionsOf } from "../function-references.ts";
import type * as calls from "./calls.ts";

/** What the tests need of an executor. */
export interface Tested {
  /** Makes one whose calls run one at a time. It is shut down by the test. */
  readonly make: () => Executor;
  /** Whether a call that is cancelled is cancelled where it runs, with its `finally`. */
  readonly cancelsWhatRuns: boolean;
  /** Whether calls begin in order, one at a time. */
  readonly isSequential: boolean;
}

export const callsModule: URL = new URL("./calls.ts", import.meta.url);
const fns = functionsOf<typeof calls>(callsModule);

/** Registers the tests. */
export function testExecutor(name: string, { make, cancelsWhatRuns, isSequential }: Tested): void {
  let folder: string;
  let files = 0;
  const newFile = (): string => join(folder, `${files++}.txt`);
  const read = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");

  /** Waits until the file has this line. */
  async function written(file: string, line: string): Promise<void> {
    await timeout(20, async () => {
      while (!(await read(file)).includes(line)) await hostSleep(5);
    });
  }

  const withExecutor = (body: (executor: Executor) => Promise<void>): Promise<void> =>
    run(async () => {
      await using executor = make();
      await body(executor);
    });

  describe(name, () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "turnwise-executor-"));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test("calls a function of a module, async or not", async () => {
      await withExecutor(async (executor) => {
        expect(await executor.submit(fns.add, [2, 3])).toBe(5);
        expect(await executor.submit(fns.later, ["text"])).toBe("text");
      });
    });

    test("takes a module's URL for its default export", async () => {
      await withExecutor(async (executor) => {
        expect(await executor.submit(callsModule, ["hello"])).toBe("HELLO!");
      });
    });

    test("is what runInExecutor takes", async () => {
      await withExecutor(async (executor) => {
        expect(await runInExecutor(executor, fns.add, 2, 3)).toBe(5);
      });
    });

    test("has the module's types", () => {
      const typed = (executor: Executor): Future<number> => executor.submit(fns.add, [1, 2]);
      expectTypeOf(typed).returns.toEqualTypeOf<Future<number>>();
      // @ts-expect-error: it takes numbers.
      const wrong = (executor: Executor): unknown => executor.submit(fns.add, ["1", 2]);
      expect([typed, wrong]).toHaveLength(2);
    });

    test("keeps what the structured clone keeps", async () => {
      const same = { name: "shared" };
      const value = {
        map: new Map<unknown, unknown>([["a", new Set([1, 2])]]),
        date: new Date(86_400_000),
        big: 2n ** 70n,
        bytes: new Uint8Array([1, 2, 3]),
        floats: new Float64Array([0.5, -0]),
        pattern: /a+/gi,
        nothing: undefined,
        holes: [1, , 3], // oxlint-disable-line no-sparse-arrays
        numbers: [NaN, -0, Infinity],
        twice: [same, same],
      };
      await withExecutor(async (executor) => {
        const result = (await executor.submit(fns.later, [value])) as typeof value;
        expect(result).toEqual(value);
        expect(result.numbers).toEqual([NaN, -0, Infinity]);
        expect("nothing" in result).toBe(true);
        expect(result.twice[0]).toBe(result.twice[1]);
      });
    });

    test("keeps circles", async () => {
      const circle: { self?: unknown } = {};
      circle.self = circle;
      await withExecutor(async (executor) => {
        const result = (await executor.submit(fns.later, [circle])) as typeof circle;
        expect(result.self).toBe(result);
      });
    });

    test("tells undefined and null apart", async () => {
      await withExecutor(async (executor) => {
        expect(await executor.submit(fns.later, [undefined])).toBe(undefined);
        expect(await executor.submit(fns.later, [null])).toBe(null);
      });
    });

    test("refuses what can't be sent, and says where it is", async () => {
      await withExecutor(async (executor) => {
        const thrown = await caught(executor.submit(fns.later, [{ list: [1, { callback: () => 1 }] }]));
        expect(thrown).toMatchObject({ name: "DataCloneError" });
        expect(thrown.message).toMatch(
          /^the arguments of later in .* can't be sent.*: args\[0\]\.list\[1\]\.callback: the function callback$/,
        );
      });
    });

    test("refuses a result that can't be sent, and says where it is", async () => {
      await withExecutor(async (executor) => {
        const thrown = await caught(executor.submit(fns.unsendable, [], { retries: 1, backoff: { delay: 60 } }));
        expect(thrown).toMatchObject({ name: "DataCloneError" });
        expect(thrown.message).toMatch(/ can't be sent back: result\.list\[1\]\.callback: the function callback$/);
        expect(await executor.submit(fns.add, [1, 1])).toBe(2);
      });
    });

    test("throws what the function threw, with its stack, cause and code", async () => {
      await withExecutor(async (executor) => {
        const thrown = await caught(executor.submit(fns.fail, []));
        expect(thrown).toMatchObject({ name: "NoSuchUser", message: "no user 7", code: "ENOUSER" });
        expect(thrown.stack).toMatch(/at fail .*calls\.ts/);
        expect(thrown.cause).toBeInstanceOf(RangeError);
      });
    });

    test("says which functions there are", async () => {
      const { nothing } = functionsOf<{ nothing(): void }>(callsModule);
      await withExecutor(async (executor) => {
        await expect(executor.submit(nothing, [])).rejects.toThrow(/exports no function "nothing", but .*add/);
      });
    });

    test("tries again as often as it is told", async () => {
      await withExecutor(async (executor) => {
        expect(await executor.submit(fns.failUntil, [newFile(), 3], { retries: 2 })).toBe(3);
        const thrown = await caught(executor.submit(fns.failUntil, [newFile(), 3], { retries: 1 }));
        expect(thrown).toMatchObject({ name: "RangeError", message: "call 2 of 3" });
      });
    });

    test("tries again what throws null or undefined, and throws it", async () => {
      await withExecutor(async (executor) => {
        for (const what of [null, undefined]) {
          const file = newFile();
          expect(await caught(executor.submit(fns.throwing, [file, what], { retries: 1 }))).toBe(what);
          expect(await read(file)).toBe("called\ncalled\n");
        }
      });
    });

    test("waits before it tries again", async () => {
      await withExecutor(async (executor) => {
        const began = performance.now();
        const backoff = { delay: 0.1, type: "exponential" } as const;
        expect(await executor.submit(fns.failUntil, [newFile(), 3], { retries: 2, backoff })).toBe(3);
        expect(performance.now() - began).toBeGreaterThan(280);
      });
    });

    test("can be stopped while it waits to try again", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const call = executor.submit(fns.failUntil, [file, 9], { retries: 9, backoff: { delay: 60 } });
        await written(file, "called");
        await hostSleep(50);
        call.cancel();
        await expect(call).rejects.toThrow(CancelledError);
      });
      expect((await read(file)).split("\n")).toHaveLength(2);
    });

    test("gives one future for one key, and begins the call once", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const first = executor.submit(fns.note, [file, "line", 1], { key: "k" });
        const second = executor.submit(fns.note, [file, "line", 1], { key: "k" });
        expect(second).toBe(first);
        expect(executor.submit(fns.note, [file, "line", 1], { key: "l" })).not.toBe(first);
        expect(await second).toBe(1);
      });
      expect(await read(file)).toBe("line\nline\n");
    });

    test("cancels a call whose signal aborts", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const controller = new AbortController();
        const call = executor.submit(fns.stay.with({ terminateOnCancel: true }), [file], { signal: controller.signal });
        await written(file, "begun");
        controller.abort(new Error("enough"));
        await expect(call).rejects.toThrow(CancelledError);
        if (cancelsWhatRuns) await written(file, "ended");
      });
    });

    test("begins no call whose signal has aborted", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const call = executor.submit(fns.stay, [file], { signal: AbortSignal.abort() });
        await expect(call).rejects.toThrow(CancelledError);
      });
      expect(await read(file)).toBe("");
    });

    test("gives up a call that takes too long", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const call = executor.submit(fns.stay.with({ terminateOnCancel: true }), [file], { timeout: 0.5 });
        await expect(call).rejects.toThrow(TimeoutError);
        if (cancelsWhatRuns) await written(file, "ended");
      });
    });

    test("maps in order", async () => {
      await withExecutor(async (executor) => {
        expect(await collected(executor.map(fns.later, [3, 1, 2]))).toEqual([3, 1, 2]);
        expect(await collected(executor.map(fns.later, [3, 1, 2], { bufferSize: 1 }))).toEqual([3, 1, 2]);
      });
    });

    test("maps without end, where no more are submitted than fit", async () => {
      let taken = 0;
      function* endless(): Generator<number> {
        for (;;) yield taken++;
      }
      await withExecutor(async (executor) => {
        for await (const result of executor.map(fns.later, endless(), { bufferSize: 2 })) if (result === 3) break;
      });
      expect(taken).toBeLessThanOrEqual(6);
    });

    test("throws from a map what a call throws, and cancels the others", async () => {
      const file = newFile();
      await withExecutor(async (executor) => {
        const { fail } = functionsOf<{ fail(item: number): void }>(callsModule);
        const each = executor.map(fail, [1, 2, 3]);
        await expect(each.next()).rejects.toThrow("no user 7");
        expect(await each.next()).toEqual({ done: true, value: undefined });
        expect(await executor.submit(fns.failUntil, [file, 1])).toBe(1);
      });
    });

    test.each([0, 1.5, -1])("maps with no bufferSize %j", async (bufferSize) => {
      await withExecutor(async (executor) => {
        expect(() => executor.map(fns.later, [1], { bufferSize })).toThrow(RangeError);
      });
    });

    test.each([
      [{ retries: -1 }, /retries must be a whole number, 0 or more, got -1/],
      [{ retries: 0.5 }, /retries must be a whole number/],
      [{ timeout: -1 }, /timeout must be a number of seconds, 0 or more, got -1/],
      [{ timeout: "5" as never }, /timeout must be a number of seconds, 0 or more, got "5"/],
      [{ backoff: { delay: NaN } }, /backoff\.delay must be a finite number of seconds/],
      [{ backoff: { delay: Infinity } }, /backoff\.delay must be a finite number of seconds/],
      [{ backoff: {} as never }, /backoff\.delay must be a finite number of seconds.* got undefined/],
      [
        { backoff: { delay: 1, type: "other" as never } },
        /backoff\.type must be "fixed" or "exponential", got "other"/,
      ],
      [{ backoff: { delay: 1, jitter: 2 } }, /backoff\.jitter must be a number from 0 to 1/],
      [{ key: "" }, /key must be a string that is not empty/],
    ])("refuses %j", async (options, message) => {
      await withExecutor(async (executor) => {
        expect(() => executor.submit(fns.add, [1, 1], options)).toThrow(message);
      });
    });

    test("refuses a function itself, and says what to write", async () => {
      await withExecutor(async (executor) => {
        expect(() => executor.submit((() => 1) as never, [])).toThrow(/can't be sent.*Export it from a module/);
      });
    });

    test("takes nothing after its shutdown, which waits for what it has", async () => {
      await run(async () => {
        const executor = make();
        const calls = [1, 2, 3].map((n) => executor.submit(fns.later, [n]));
        const ended = executor.shutdown();
        expect(() => executor.submit(fns.later, [4])).toThrow(
          new RuntimeError("cannot schedule new futures after shutdown"),
        );
        await ended;
        expect(calls.map((call) => call.result())).toEqual([1, 2, 3]);
      });
    });

    test("waits at its shutdown for calls that are tried again", async () => {
      await run(async () => {
        const executor = make();
        const call = executor.submit(fns.failUntil, [newFile(), 2], { retries: 1, backoff: { delay: 0.1 } });
        await executor.shutdown();
        expect(call.result()).toBe(2);
      });
    });

    test.runIf(isSequential)("cancels at its shutdown what was not begun, where asked", async () => {
      const [first, second] = [newFile(), newFile()];
      await run(async () => {
        const executor = make();
        const running = executor.submit(fns.stay.with({ terminateOnCancel: true }), [first]);
        const waiting = executor.submit(fns.stay, [second]);
        await written(first, "begun");
        const ended = executor.shutdown({ cancelFutures: true });
        await expect(waiting).rejects.toThrow(CancelledError);
        expect(running.done()).toBe(false);
        running.cancel();
        await ended;
      });
      expect(await read(second)).toBe("");
    });
  });
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function caught(promise: PromiseLike<unknown>): Promise<Error> {
  return Promise.resolve(promise).then(
    () => expect.unreachable("nothing was thrown"),
    (error: Error) => error,
  );
}
