import { currentTask, sleep, timeout, type Timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error that the interrupted block raises instead of CancelledError comes out as it is. */
export default async function main(log: Log): Promise<void> {
  const scopes: Timeout[] = [];
  try {
    await timeout(1, async (scope) => {
      scopes.push(scope);
      try {
        await sleep(10);
      } catch {
        throw new Boom("instead");
      }
    });
  } catch (error) {
    log(`${describe(error)} ${show(scopes[0]!.expired())} ${currentTask()!.cancelling()}`);
  }
}
