import { createTask, sleep, wait } from "turnwise";
import { type Log } from "../../log.ts";

/** A timeout and an end at the same instant: the earlier timer decides who is seen as done. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<void> {
    await sleep(delay);
    log(`${name} ends`);
  }

  const early = createTask(() => child("early", 1));
  await sleep(0);
  const first = await wait([early], { timeout: 1 });
  log(`${first.done.size} ${first.pending.size}`);
  const late = createTask(() => child("late", 1));
  const second = await wait([late], { timeout: 1 });
  log(`${second.done.size} ${second.pending.size}`);
  await late;
}
