import * as asyncio from "turnwise";
import { describe, type Log, show } from "../../log.ts";

/** Under an eager task factory, gather and its like begin their coroutines at once; some are done by then. */
export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    override name = "Boom";
  }
  const loop = asyncio.getRunningLoop();
  loop.setTaskFactory(asyncio.eagerTaskFactory);

  const quick = (name: string) => async () => {
    log(`${name} is quick`);
    return name;
  };

  const slow = (name: string) => async () => {
    log(`${name} begins`);
    await asyncio.sleep(0);
    log(`${name} ends`);
    return name;
  };

  async function fails(): Promise<string> {
    throw new Boom("at once");
  }

  loop.callSoon(log, "others have a turn");
  log(show(await asyncio.gather(quick("a"), quick("b"))));
  log(show(await asyncio.gather(quick("c"), slow("d"), quick("e"))));
  loop.callSoon(log, "others have a turn");
  log(show(await asyncio.gather([fails, quick("f")], { returnExceptions: true })));
  try {
    await asyncio.gather(slow("g"), fails);
  } catch (error) {
    log(describe(error));
  }
  log(await asyncio.shield(quick("h")));
  log(await asyncio.shield(slow("i")));
  log(await asyncio.waitFor(quick("j"), 0));
  try {
    await asyncio.waitFor(slow("k"), 0);
  } catch (error) {
    log(describe(error));
  }
  for await (const one of asyncio.asCompleted([slow("l"), quick("m")])) log(`completed ${one.result()}`);
  const outer = asyncio.gather(quick("n"), quick("o"));
  loop.callSoon(log, "before the callback");
  outer.addDoneCallback(() => log(show(outer.result())));
  loop.callSoon(log, "after the callback");
  log(show(await outer));
  await asyncio.taskGroup(async (group) => {
    group.createTask(slow("p"));
    group.createTask(quick("q"));
    log("in the group");
  });
  log("out of it");
}
