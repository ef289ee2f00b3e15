import { Lock } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Giving back a lock that nobody has is an error. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();
  try {
    lock.release();
  } catch (error) {
    log(describe(error));
  }
}
