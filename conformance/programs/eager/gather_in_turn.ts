import * as asyncio from "turnwise";
import { type Log, show } from "../../log.ts";

/** Under an eager task factory, gather begins each child when it comes to it: after it looked at those before. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();
  loop.setTaskFactory(asyncio.eagerTaskFactory);
  const future = loop.createFuture<string>();

  const listens = (name: string) => async () => {
    log(`${name} begins`);
    log(`${name} has ${await future}`);
    return name;
  };

  loop.callSoon(() => future.setResult("it"));
  log(show(await asyncio.gather(listens("before"), future, listens("after"))));

  const child = asyncio.createTask(() => asyncio.sleep(3600), { name: "child" });

  async function cancels(): Promise<string> {
    child.cancel("by the next one");
    return "cancelled";
  }

  log(show(await asyncio.gather([child, cancels], { returnExceptions: true })));
  try {
    await asyncio.gather(cancels, "no awaitable" as unknown as Promise<never>);
  } catch (error) {
    if (error instanceof TypeError) log("no awaitable");
  }
}
