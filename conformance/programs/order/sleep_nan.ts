import { sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** sleep(NaN) is refused. */
export default async function main(log: Log): Promise<void> {
  try {
    await sleep(NaN);
  } catch (error) {
    log(describe(error));
  }
}
