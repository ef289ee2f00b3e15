import { createTask, getRunningLoop, sleep, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A result at the very instant of the timeout. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const first = loop.createFuture<string>();
  loop.callLater(1, () => first.setResult("result first"));
  try {
    log(await waitFor(first, 1));
  } catch (error) {
    log(`${describe(error)} ${show(first.cancelled())}`);
  }

  const second = loop.createFuture<string>();

  async function parent(): Promise<void> {
    try {
      log(await waitFor(second, 1));
    } catch (error) {
      log(`${describe(error)} ${show(second.cancelled())}`);
    }
  }

  const task = createTask(() => parent());
  await sleep(0);
  loop.callLater(1, () => second.done() || second.setResult("too late"));
  await task;
}
