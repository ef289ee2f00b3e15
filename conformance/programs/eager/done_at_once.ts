import * as asyncio from "turnwise";
import { describe, type Log, show } from "../../log.ts";

/** Whoever awaits an eager task that is done goes on without a turn, whatever it is awaited through. */
export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    override name = "Boom";
  }
  const loop = asyncio.getRunningLoop();

  const returns = (value: string) => async () => value;

  async function fails(): Promise<string> {
    throw new Boom("at once");
  }

  const eager = (coro: () => Promise<string>) => asyncio.createTask(coro, { eagerStart: true });

  const others = () => loop.callSoon(log, "others have a turn");

  others();
  log(await eager(returns("alone")));
  others();
  log(show(await asyncio.gather(eager(returns("a")), eager(returns("b")))));
  others();
  log(await asyncio.shield(eager(returns("shielded"))));
  others();
  log(await asyncio.waitFor(eager(returns("no time")), 0));
  others();
  log(await asyncio.waitFor(eager(returns("some time")), 1));
  try {
    others();
    await asyncio.gather(eager(returns("a")), eager(fails));
  } catch (error) {
    log(describe(error));
  }
  try {
    others();
    await asyncio.waitFor(eager(fails), 0);
  } catch (error) {
    log(describe(error));
  }
  log("these take a turn");
  others();
  const { done } = await asyncio.wait([eager(returns("waited"))]);
  log(show([...done].map((one) => one.result())));
  others();
  for await (const one of asyncio.asCompleted([eager(returns("completed"))])) log(one.result());
}
