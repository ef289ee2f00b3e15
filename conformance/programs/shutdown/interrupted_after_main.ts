import * as asyncio from "turnwise";
import { describe, type Log } from "../../log.ts";

/** An interrupt right after the main task's end: what is left is cancelled, and waited for, all the same. */
export default async function main(log: Log): Promise<void> {
  async function lingers(): Promise<void> {
    try {
      await asyncio.sleep(3600);
    } catch (error) {
      log(`lingers: ${describe(error)}`);
      await asyncio.sleep(0);
      log("takes a turn");
      await asyncio.sleep(1);
      log("takes a second");
      throw new RangeError("while it cleaned up");
    }
  }

  async function interrupts(): Promise<void> {
    log("interrupts");
    throw new asyncio.KeyboardInterrupt("after main");
  }

  asyncio.createTask(lingers);
  await asyncio.sleep(0);
  asyncio.createTask(interrupts);
  log("main ends");
}
