import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Virtual time stands still while anything is ready. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  async function busy(): Promise<void> {
    for (let n = 0; n < 5; n++) await sleep(0);
    log("busy is done");
  }

  loop.callLater(0.25, log, "quarter");
  loop.callLater(0.1 + 0.2, log, "a sum of floats");
  loop.callLater(0.3, log, "three tenths");
  await busy();
  await sleep(1);
}
