import { createTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A timed sleep takes the timer's turn and then the turn of the waking task. */
export default async function main(log: Log): Promise<void> {
  async function sleeper(name: string): Promise<void> {
    await sleep(1);
    log(name);
    await sleep(0);
    log(name + " again");
  }

  const loop = getRunningLoop();
  const first = createTask(() => sleeper("first"));
  await sleep(0);
  loop.callLater(1, log, "timer");
  loop.callLater(1, () => loop.callSoon(log, "soon from timer"));
  const second = createTask(() => sleeper("second"));
  await first;
  await second;
}
