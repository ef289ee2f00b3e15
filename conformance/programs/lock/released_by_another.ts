import { createTask, Lock } from "turnwise";
import { type Log } from "../../log.ts";

/** Any task may give the lock back. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();

  async function helper(): Promise<void> {
    lock.release();
    log("given back");
  }

  await lock.acquire();
  createTask(() => helper());
  await lock.acquire();
  log("has it again");
}
