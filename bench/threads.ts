/** The rows about threads: the same calls through a `ThreadPoolExecutor`, and through piscina used directly. */
import { Piscina } from "piscina";
import * as asyncio from "turnwise/node";
import { joinPromises, sumOfCalls } from "./calls.ts";
import type * as work from "./cluster-work.ts";
import type { Timed } from "./library.ts";
import type { LibraryName, RowName, ThreadRowName } from "./row.ts";

const MODULE = new URL("./cluster-work.ts", import.meta.url);
const AT_ONCE: Readonly<Record<ThreadRowName, number>> = { "thread-call": 1, "thread-100": 100 };

/** Whether {@link threadCalls} does it. */
export function isThreadRow(name: RowName): name is ThreadRowName {
  return Object.hasOwn(AT_ONCE, name);
}

/** So many calls of a function in the one thread of a pool, so many at a time. Gives the sum of their results. */
export function threadCalls(library: LibraryName, name: ThreadRowName): Timed {
  return library === "turnwise" ? turnwise(AT_ONCE[name]) : piscina(AT_ONCE[name]);
}

function turnwise(atOnce: number): Timed {
  const { add } = asyncio.functionsOf<typeof work>(MODULE);
  return (count, begin) =>
    asyncio.run(async () => {
      await using pool = new asyncio.ThreadPoolExecutor({ maxWorkers: 1 });
      await pool.submit(add, [1, 1]);
      begin();
      return await sumOfCalls(count, atOnce, (i) => pool.submit(add, [i, 1]), asyncio.gather);
    });
}

function piscina(atOnce: number): Timed {
  return async (count, begin) => {
    // As in Turnwise: the function is named with each call, and nothing is measured beside it.
    const pool = new Piscina({ maxThreads: 1, minThreads: 0, idleTimeout: Infinity, recordTiming: false });
    const filename = new URL("./thread-add.ts", import.meta.url).href;
    await pool.run({ a: 1, b: 1 }, { filename });
    begin();
    const sum = await sumOfCalls(
      count,
      atOnce,
      (i) => pool.run({ a: i, b: 1 }, { filename }) as Promise<number>,
      joinPromises,
    );
    await pool.destroy();
    return sum;
  };
}
