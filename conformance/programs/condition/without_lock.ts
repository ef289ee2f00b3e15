import { Condition } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** wait and notify need the lock. */
export default async function main(log: Log): Promise<void> {
  const cond = new Condition();
  try {
    cond.notify();
  } catch (error) {
    log(describe(error));
  }
  try {
    await cond.wait();
  } catch (error) {
    log(describe(error));
  }
}
