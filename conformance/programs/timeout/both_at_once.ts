import { CancelledError, createTask, currentTask, getRunningLoop, sleep, timeout, type Timeout, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancellation from outside and the deadline at the same instant: CancelledError wins. */
export default async function main(log: Log): Promise<void> {
  async function worker(): Promise<void> {
    const scopes: Timeout[] = [];
    try {
      await timeout(1, async (scope) => {
        scopes.push(scope);
        await sleep(10);
      });
    } catch (error) {
      log(`${describe(error)} ${currentTask()!.cancelling()} ${show(scopes[0]!.expired())}`);
      if (error instanceof CancelledError) throw error;
    }
  }

  const task = createTask(() => worker());
  await sleep(0);
  getRunningLoop().callLater(1, () => task.cancel("outside"));
  await wait([task]);
  log(show(task.cancelled()));
}
