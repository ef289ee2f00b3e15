import * as asyncio from "turnwise";
import { describe, type Log } from "../../log.ts";

/** What an eager task waits for is settled, cancelled or listened to in the very step that created the task. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();

  async function waits(name: string, future: () => PromiseLike<unknown>): Promise<void> {
    try {
      log(`${name} got ${String((await future()) ?? "None")}`);
    } catch (error) {
      if (!(error instanceof asyncio.CancelledError)) throw error;
      log(`${name}: ${describe(error)}`);
    }
  }

  const eager = (name: string, future: () => PromiseLike<unknown>) =>
    asyncio.createTask(() => waits(name, future), { eagerStart: true });

  const future = loop.createFuture<string>();
  future.addDoneCallback(() => log("callback before"));
  const first = eager("first", () => future);
  future.addDoneCallback(() => log("callback between"));
  const second = eager("second", () => future);
  loop.callSoon(log, "soon before");
  future.setResult("it");
  loop.callSoon(log, "soon after");
  await asyncio.wait([first, second]);

  const other = loop.createFuture();
  const third = eager("third", () => other);
  loop.callSoon(log, "soon before");
  other.cancel("no more");
  loop.callSoon(log, "soon after");
  await third;

  const never = loop.createFuture();
  const child = asyncio.createTask(() => waits("child", () => never), { name: "child" });
  await asyncio.sleep(0);
  const fourth = eager("fourth", () => child);
  loop.callSoon(log, "soon before");
  log(`cancel: ${fourth.cancel("all of it") ? "True" : "False"}`);
  loop.callSoon(log, "soon after");
  await fourth;

  const fifth = eager("fifth", () => asyncio.sleep(1, "fifth's"));
  loop.callLater(1, log, "set after the fifth began to sleep");
  await fifth;
}
