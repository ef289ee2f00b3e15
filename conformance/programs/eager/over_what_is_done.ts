import * as asyncio from "turnwise";
import { describe, type Log, show } from "../../log.ts";

/** An eager task that awaits what is done, and functions that end without a wait, is done when it is first awaited. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();
  const done = loop.createFuture<string>();
  done.setResult("done");

  async function ends(): Promise<string> {
    return "ends";
  }

  const passes = (value: string) => async () => {
    await done;
    await ends();
    await new asyncio.Lock().with(async () => {
      await done;
    });
    return value;
  };

  const passesAndWaits = (value: string) => async () => {
    await done;
    await new asyncio.Lock().with(async () => {
      await asyncio.sleep(0);
    });
    return value;
  };

  const eager = (coro: () => Promise<string>) => asyncio.createTask(coro, { eagerStart: true });

  const others = () => loop.callSoon(log, "others have a turn");

  others();
  log(await eager(passes("alone")));
  others();
  log(show(await asyncio.gather(eager(passes("a")), eager(passes("b")))));
  others();
  log(await asyncio.shield(eager(passes("shielded"))));
  let task = eager(passes("it does not hear of it"));
  task.cancel("too late");
  others();
  log(await task);
  log("these wait");
  task = eager(passesAndWaits("with a turn"));
  others();
  log(await task);
  task = eager(passesAndWaits("never"));
  task.cancel("in time");
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  others();
  log(show(await asyncio.gather(eager(passes("c")), eager(passesAndWaits("d")))));
}
