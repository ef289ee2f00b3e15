import { gather, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** gather of plain futures is done one iteration after the last of them. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const futs = [0, 1, 2].map(() => loop.createFuture<string>());
  const outer = gather(...futs);
  futs[2]!.setResult("c");
  futs[0]!.setResult("a");
  await sleep(0);
  log(show(outer.done()));
  futs[1]!.setResult("b");
  log(show(outer.done()));
  loop.callSoon(() => log(`callback ${show(outer.done())}`));
  log(show(await outer));
}
