import { createTask } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A task's result can't be set from outside. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<number> {
    return 1;
  }

  const task = createTask(() => child());
  for (const call of [() => task.setResult(2), () => task.setException(new Boom("x"))]) {
    try {
      call();
    } catch (error) {
      log(describe(error));
    }
  }
  log(show(await task));
}
