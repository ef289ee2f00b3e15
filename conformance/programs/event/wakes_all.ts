import { createTask, Event, gather, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** set() wakes all waiters, in order; then wait() does not yield. */
export default async function main(log: Log): Promise<void> {
  const event = new Event();

  async function waiter(name: string): Promise<void> {
    log(`${name} ${show(await event.wait())}`);
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => waiter(name)));
  await sleep(1);
  log(show(event.isSet()));
  event.set();
  log("set");
  await gather(...tasks);
  getRunningLoop().callSoon(log, "callback");
  log(show(await event.wait()));
}
