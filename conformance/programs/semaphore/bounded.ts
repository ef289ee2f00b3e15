import { BoundedSemaphore, Semaphore } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A BoundedSemaphore refuses one release too many. */
export default async function main(log: Log): Promise<void> {
  const sem = new BoundedSemaphore(1);
  await sem.acquire();
  sem.release();
  try {
    sem.release();
  } catch (error) {
    log(describe(error));
  }
  try {
    new Semaphore(-1);
  } catch (error) {
    log(describe(error));
  }
}
