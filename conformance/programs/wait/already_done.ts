import { getRunningLoop, wait } from "turnwise";
import { type Log } from "../../log.ts";

/** wait yields even if everything is done already. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const fut = loop.createFuture<number>();
  fut.setResult(1);
  loop.callSoon(log, "callback");
  const first = await wait([fut, fut]);
  log(`${first.done.size} ${first.pending.size}`);
  loop.callSoon(log, "callback 2");
  const second = await wait([fut, loop.createFuture<number>()], { returnWhen: "FIRST_COMPLETED" });
  log(`${second.done.size} ${second.pending.size}`);
}
