import { currentTask, sleep, timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Two nested timeouts with one deadline: both fire, the outer one raises. */
export default async function main(log: Log): Promise<void> {
  try {
    await timeout(1, async () => {
      try {
        await timeout(1, async () => {
          await sleep(5);
        });
      } catch (error) {
        log(`inner ${describe(error)}`);
        throw error;
      }
    });
  } catch (error) {
    log(`outer ${describe(error)}`);
  }
  log(show(currentTask()!.cancelling()));
}
