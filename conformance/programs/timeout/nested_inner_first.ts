import { sleep, timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** The inner timeout fires first and the outer one stays. */
export default async function main(log: Log): Promise<void> {
  try {
    await timeout(5, async () => {
      try {
        await timeout(1, async () => {
          await sleep(10);
        });
      } catch (error) {
        log(`inner ${describe(error)}`);
      }
      await sleep(10);
    });
  } catch (error) {
    log(`outer ${describe(error)}`);
  }
}
