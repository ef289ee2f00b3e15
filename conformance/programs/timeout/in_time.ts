import { sleep, timeout } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A block that ends in time is left alone, and its timer is gone. */
export default async function main(log: Log): Promise<void> {
  const scope = await timeout(2, async (scope) => {
    await sleep(1);
    log("done");
    return scope;
  });
  log(show(scope.expired()));
  await sleep(5);
  log("nothing came");
}
