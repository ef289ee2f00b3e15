import { sleep, timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** When the outer timeout fires, the inner block sees CancelledError, not TimeoutError. */
export default async function main(log: Log): Promise<void> {
  try {
    await timeout(1, async () => {
      try {
        await timeout(5, async () => {
          await sleep(10);
        });
      } catch (error) {
        log(`inner ${describe(error)}`);
        throw error;
      }
    });
  } catch (error) {
    log(`outer ${describe(error)}`);
  }
}
