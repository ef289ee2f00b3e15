// From a thread into the loop.
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { ContextVar } from "../contextvars.ts";
import type { ExceptionContext } from "../exception-handler.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { callSoonThreadsafe, loopPort, type LoopPort, runCoroutineThreadsafe } from "./loop-port.ts";
import { runInExecutor } from "./executors.ts";
import { openOn } from "./resources.ts";
import type * as jobs from "./testing/jobs.ts";
import { functionsOf } from "./function-references.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";
import type { toThread } from "./threads.ts";

const threaded = functionsOf<typeof jobs>(new URL("./testing/jobs.ts", import.meta.url));

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
afterAll(() => pool.shutdown());
const inThread: typeof toThread = (fn, ...args) => runInExecutor(pool, fn, ...args);

/** What a thread may call; it notes what was. */
function counting(log: unknown[] = []): jobs.Counting {
  return {
    counted: (n) => void log.push(n),
    ask: async (question) => {
      await sleep(0);
      return question.toUpperCase();
    },
    refuse: async () => {
      throw new RangeError("no more");
    },
  };
}

describe("callSoonThreadsafe", () => {
  test("calls in order, all before the job is done", async () => {
    await run(async () => {
      const log: unknown[] = [];
      await inThread(threaded.count, loopPort(counting(log)), 100);
      expect(log).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });
  });

  test("calls as a callback of the loop, in the context of loopPort()", async () => {
    await run(async () => {
      const variable = new ContextVar<string>("variable");
      variable.set("port");
      const seen: unknown[] = [];
      const port = loopPort({
        ...counting(),
        counted: () => seen.push(variable.get(), currentTask(), getRunningLoop()),
      });
      variable.set("later");
      await inThread(threaded.count, port, 1);
      expect(seen).toEqual(["port", null, getRunningLoop()]);
    });
  });

  test("does not wait for a job that goes on", async () => {
    await run(async () => {
      const called = getRunningLoop().createFuture();
      const port = loopPort({ ...counting(), counted: () => called.setResult() });
      const thread = new Worker(
        `import { workerData } from "node:worker_threads"; workerData.postMessage({ name: "counted", args: [1] });
         setInterval(() => {}, 1000);`,
        { eval: true, workerData: port, transferList: [port] },
      );
      await called;
      await thread.terminate();
    });
  });

  test("of a name that is not there goes to the exception handler", async () => {
    await run(async () => {
      const seen: ExceptionContext[] = [];
      getRunningLoop().setExceptionHandler((_loop, context) => seen.push(context));
      await inThread(threaded.callUnknown, loopPort(counting()));
      expect(seen).toMatchObject([
        {
          message: "Error in callSoonThreadsafe() from a thread: nothing",
          exception: { message: 'the loop\'s port has no function "nothing"' },
        },
      ]);
    });
  });

  test("of a function that throws too", async () => {
    await run(async () => {
      const seen: ExceptionContext[] = [];
      getRunningLoop().setExceptionHandler((_loop, context) => seen.push(context));
      const counted = (): void => {
        throw new RangeError("too many");
      };
      await inThread(threaded.count, loopPort({ ...counting(), counted }), 1);
      expect(seen).toMatchObject([{ exception: { message: "too many" } }]);
    });
  });

  test("has the functions' types", () => {
    const call = (port: LoopPort<jobs.Counting>): void => {
      callSoonThreadsafe(port, "counted", 1);
      // @ts-expect-error: a number is needed.
      callSoonThreadsafe(port, "counted", "1");
      // @ts-expect-error: there is none.
      callSoonThreadsafe(port, "counts", 1);
      expectTypeOf(runCoroutineThreadsafe(port, "ask", "")).toEqualTypeOf<Promise<string>>();
    };
    expect(call).toBeInstanceOf(Function);
  });
});

describe("runCoroutineThreadsafe", () => {
  test("gives the thread the result of a task of the loop", async () => {
    expect(await run(() => inThread(threaded.ask, loopPort(counting()), "why"))).toBe("answer: WHY");
  });

  test("gives it the error too", async () => {
    expect(await run(() => inThread(threaded.askToRefuse, loopPort(counting())))).toBe("RangeError: no more");
  });
});

test("a reply for which the job did not wait disturbs nobody", async () => {
  await run(async () => {
    const { threadId } = await inThread(threaded.where);
    await inThread(threaded.askInVain, loopPort(counting()));
    await inThread(threaded.later, 1);
    expect((await inThread(threaded.where)).threadId).toBe(threadId);
  });
});

describe("a port", () => {
  test("is closed when its job is done", async () => {
    await run(async () => {
      const port = loopPort(counting());
      const open = openOn(getRunningLoop());
      expect(open.size).toBe(1);
      await inThread(threaded.count, port, 1);
      expect(open.size).toBe(0);
    });
  });

  test("is closed with its loop", async () => {
    const port = await run(async () => loopPort(counting()));
    await once(port, "close");
  });
});
