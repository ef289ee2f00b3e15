import { createTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A cancel and a sleep's end at the same time: what was set first wins. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(1);
      log(`${name} slept`);
    } catch {
      log(`${name} cancelled`);
    }
  }

  const loop = getRunningLoop();
  const before = createTask(() => child("before"));
  loop.callLater(1, () => before.cancel());
  await sleep(0);
  const after = createTask(() => child("after"));
  await sleep(0);
  loop.callLater(1, () => after.cancel());
  await sleep(2);
  log(`${before.cancelling()} ${after.cancelling()}`);
}
