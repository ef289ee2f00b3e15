// Context variables go with a job, by name.
import { describe, expect, test } from "vitest";
import { ContextVar } from "../contextvars.ts";
import { createTask } from "../coroutines.ts";
import { gather } from "../gather.ts";
import { run } from "../runners.ts";
import { runInExecutor, setDefaultExecutor } from "./executors.ts";
import * as jobs from "./testing/jobs.ts";
import { functionsOf } from "./function-references.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";
import { toThread } from "./threads.ts";

const threaded = functionsOf<typeof jobs>(new URL("./testing/jobs.ts", import.meta.url));

/** One thread does all jobs. */
function runOnOneThread(body: () => Promise<void>): Promise<void> {
  return run(async () => {
    setDefaultExecutor(new ThreadPoolExecutor({ maxWorkers: 1 }));
    await body();
  });
}

describe("context variables in a thread", () => {
  test("have the values of the code that called toThread, in tasks there too; but for those that can't be cloned", async () => {
    await runOnOneThread(async () => {
      jobs.requestId.set("42");
      jobs.user.set({ name: "Ada" });
      jobs.logger.set(() => {});
      expect(await toThread(threaded.variables)).toEqual({ direct: "42", inTask: "42", user: "Ada", hasLogger: false });
    });
  });

  test("of one job are not those of the next", async () => {
    await runOnOneThread(async () => {
      const withId = (id: string) => async () => {
        jobs.requestId.set(id);
        return (await toThread(threaded.variables)).direct;
      };
      expect(await gather(withId("a"), withId("b"), () => toThread(threaded.variables))).toEqual([
        "a",
        "b",
        { direct: "none", inTask: "none", user: "nobody", hasLogger: false },
      ]);
    });
  });

  test("can be set and reset there, and stay as they are here", async () => {
    await runOnOneThread(async () => {
      jobs.requestId.set("here");
      expect(await toThread(threaded.change, "there")).toEqual(["here", "there", "here"]);
      expect(jobs.requestId.get()).toBe("here");
    });
  });

  test("are those of the time of the call", async () => {
    await runOnOneThread(async () => {
      const user = { name: "Ada" };
      jobs.user.set(user);
      const job = toThread(threaded.variables);
      user.name = "Eve";
      expect((await job).user).toBe("Ada");
    });
  });

  test("of one name, of which there are several, stay here", async () => {
    await runOnOneThread(async () => {
      new ContextVar<string>("requestId").set("another");
      jobs.requestId.set("42");
      expect((await toThread(threaded.variables)).direct).toBe("none");
    });
  });

  test("don't go with runInExecutor, as in asyncio", async () => {
    await runOnOneThread(async () => {
      await createTask(async () => {
        jobs.requestId.set("42");
        expect((await runInExecutor(null, threaded.variables)).direct).toBe("none");
      });
    });
  });
});
