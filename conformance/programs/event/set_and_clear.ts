import { createTask, Event, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A waiter that was woken goes on even if the event was cleared in the meantime. */
export default async function main(log: Log): Promise<void> {
  const event = new Event();

  async function waiter(name: string): Promise<void> {
    await event.wait();
    log(`${name} goes on, set: ${show(event.isSet())}`);
  }

  const early = createTask(() => waiter("early"));
  await sleep(0);
  event.set();
  event.clear();
  const late = createTask(() => waiter("late"));
  await sleep(1);
  log(`${show(early.done())} ${show(late.done())}`);
  event.set();
  await late;
}
