/** The types of the API. What fails here fails when compiled. */
import { describe, expectTypeOf, test } from "vitest";
import {
  asCompleted,
  createTask,
  type DoneFuture,
  type Future,
  gather,
  getRunningLoop,
  interruptible,
  type Queue,
  run,
  shield,
  sleep,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "./index.ts";
import { runVirtual } from "./testing.ts";

const number = async (): Promise<number> => 1;
const string = async (): Promise<string> => "a";

describe("types", () => {
  test("createTask gives a task of the function's or promise's result", () =>
    runVirtual(async () => {
      expectTypeOf(createTask(number)).toEqualTypeOf<Task<number>>();
      expectTypeOf(createTask(number())).toEqualTypeOf<Task<number>>();
      expectTypeOf(createTask(createTask(string))).toEqualTypeOf<Task<string>>();
      expectTypeOf(await createTask(string)).toEqualTypeOf<string>();
      // @ts-expect-error: a number is no awaitable.
      expectTypeOf(() => createTask(5)).toBeFunction();
      // @ts-expect-error: a function must return a promise.
      createTask(() => 5).cancel();
    }));

  test("gather gives a tuple for arguments, an array for an array", () =>
    runVirtual(async () => {
      expectTypeOf(await gather(number, string())).toEqualTypeOf<[number, string]>();
      expectTypeOf(await gather([number, string])).toEqualTypeOf<[number, string]>();
      const list: Task<number>[] = [createTask(number)];
      expectTypeOf(await gather(list)).toEqualTypeOf<number[]>();
      expectTypeOf(await gather(...list)).toEqualTypeOf<number[]>();
      expectTypeOf(await gather(list.map((task) => task))).toEqualTypeOf<number[]>();
      expectTypeOf(gather(number)).toEqualTypeOf<Future<[number]>>();
    }));

  test("gather with returnExceptions may give errors", () =>
    runVirtual(async () => {
      const [first, second] = await gather([number, string], { returnExceptions: true });
      expectTypeOf(first).toEqualTypeOf<number | Error>();
      expectTypeOf(second).toEqualTypeOf<string | Error>();
      expectTypeOf(await gather([number], { returnExceptions: false })).toEqualTypeOf<[number]>();
    }));

  test("scopes give what their body returns", () =>
    runVirtual(async () => {
      expectTypeOf(await timeout(1, number)).toEqualTypeOf<number>();
      expectTypeOf(await timeout(null, async (scope) => scope.when())).toEqualTypeOf<number | null>();
      expectTypeOf(await taskGroup(async (group) => await group.createTask(string))).toEqualTypeOf<string>();
      expectTypeOf(await waitFor(number, 1)).toEqualTypeOf<number>();
      expectTypeOf(await waitFor(createTask(string), null)).toEqualTypeOf<string>();
      expectTypeOf(await shield(number)).toEqualTypeOf<number>();
      expectTypeOf(await interruptible(number())).toEqualTypeOf<number>();
      expectTypeOf(await interruptible(async (signal) => signal.aborted)).toEqualTypeOf<boolean>();
    }));

  test("wait gives sets of what was passed, asCompleted futures that are done", () =>
    runVirtual(async () => {
      const { done, pending } = await wait([createTask(number)]);
      expectTypeOf(done).toEqualTypeOf<Set<Task<number>>>();
      expectTypeOf(pending).toEqualTypeOf<Set<Task<number>>>();
      for await (const future of asCompleted([createTask(number)])) {
        expectTypeOf(future).toEqualTypeOf<DoneFuture<number>>();
        expectTypeOf(future.result()).toEqualTypeOf<number>();
      }
      for await (const future of asCompleted([createTask(number), string])) {
        expectTypeOf(future.result()).toEqualTypeOf<number | string>();
      }
      // @ts-expect-error: functions are not allowed here.
      await wait([number]).catch(() => {});
    }));

  test("futures and sleep", () =>
    runVirtual(async () => {
      const future = getRunningLoop().createFuture<number>();
      expectTypeOf<Future<number>["setResult"]>().parameters.toEqualTypeOf<[result: number]>();
      // @ts-expect-error: it is a future of numbers.
      future.setResult("a");
      getRunningLoop().createFuture().setResult();
      expectTypeOf(sleep(1)).toEqualTypeOf<Promise<void>>();
      expectTypeOf(sleep(1, "value")).toEqualTypeOf<Promise<string>>();
      expectTypeOf(await future).toEqualTypeOf<number>();
      expectTypeOf(future.exception()).toBeUnknown();
    }));

  test("run and queues", () => {
    expectTypeOf(run<number>).returns.toEqualTypeOf<Promise<number>>();
    expectTypeOf<Queue<number>["get"]>().returns.toEqualTypeOf<Promise<number>>();
    expectTypeOf<Task<number>>().toExtend<Promise<number>>();
    expectTypeOf<Future<number>>().toExtend<PromiseLike<number>>();
  });
});
