import { ContextVar, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Callbacks run in a copy that is taken when they are set. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const mark = new ContextVar<string>("var", { defaultValue: "default" });

  function callback(name: string): void {
    log(`${name} sees ${mark.get()}`);
    mark.set(`set by ${name}`);
  }

  mark.set("first");
  loop.callSoon(callback, "soon");
  const fut = loop.createFuture<void>();
  fut.addDoneCallback(() => callback("done"));
  mark.set("second");
  loop.callLater(1, callback, "later");
  fut.setResult();
  mark.set("third");
  await sleep(2);
  log(mark.get());
}
