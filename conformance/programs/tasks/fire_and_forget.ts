import { createTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Tasks that nobody awaits run on while others wait. */
export default async function main(log: Log): Promise<void> {
  async function forgotten(name: string): Promise<void> {
    for (let n = 0; n < 3; n++) {
      await sleep(1);
      log(`${name} ${n}`);
    }
  }

  function start(name: string): void {
    createTask(() => forgotten(name), { name });
  }

  start("from main");
  getRunningLoop().callLater(0.5, start, "from callback");
  await sleep(5);
}
