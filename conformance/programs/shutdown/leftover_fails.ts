import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

class Crash extends Error {
  override name = "Crash";
}

/** A leftover task that fails while it is cancelled is reported to the exception handler. */
export default async function main(log: Log): Promise<void> {
  async function left(error: Error | null): Promise<void> {
    try {
      await sleep(100);
    } finally {
      if (error !== null) throw error;
    }
  }

  createTask(() => left(new Boom("a")));
  createTask(() => left(null));
  createTask(() => left(new Crash("c")));
  await sleep(1);
  log("main ends");
}
