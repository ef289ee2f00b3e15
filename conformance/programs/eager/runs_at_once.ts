import { createTask, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** An eager task runs up to its first wait before create_task returns. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<string> {
    log(`${name} begins`);
    await sleep(1);
    log(`${name} ends`);
    return name;
  }

  const a = createTask(() => child("eager"), { eagerStart: true, name: "eager" });
  const b = createTask(() => child("lazy"), { name: "lazy" });
  log(`made ${show(a.done())}`);
  log(show(await gather(a, b)));
}
