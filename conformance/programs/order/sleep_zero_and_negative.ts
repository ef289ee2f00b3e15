import { createTask, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** sleep(0) and a negative sleep are one bare turn; the result is handed through. */
export default async function main(log: Log): Promise<void> {
  async function ticker(): Promise<void> {
    for (let n = 0; n < 4; n++) {
      log(`tick ${n}`);
      await sleep(0);
    }
  }

  const task = createTask(() => ticker());
  log(show(await sleep(0, "zero")));
  log(show(await sleep(-5, "negative")));
  log(show(await sleep(0)));
  log(show(await sleep(2, "two")));
  await task;
}
