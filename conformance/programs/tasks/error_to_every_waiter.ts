import { createTask, gather, sleep, type Task } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Every waiter of a failed task gets the same error object. */
export default async function main(log: Log): Promise<void> {
  const seen: unknown[] = [];

  async function worker(): Promise<void> {
    await sleep(1);
    throw new Boom("no");
  }

  async function waiter(name: string, task: Task<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      seen.push(error);
      log(`${name} ${describe(error)}`);
    }
  }

  const task = createTask(() => worker());
  await gather(
    () => waiter("x", task),
    () => waiter("y", task),
  );
  log(show(seen[0] === seen[1] && seen[0] === task.exception()));
}
