import * as asyncio from "turnwise";
import { describe, type Log, show } from "../../log.ts";

/** A gather of eager tasks, some of them done, is cancelled in the step that made it: the others are cancelled at once. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();
  loop.setTaskFactory(asyncio.eagerTaskFactory);

  async function returns(): Promise<string> {
    return "done";
  }

  async function waits(future: asyncio.Future<void>): Promise<string> {
    log(`waits: ${show(await future)}`);
    return "waited";
  }

  async function swallows(future: asyncio.Future<void>): Promise<string> {
    try {
      await future;
    } catch (error) {
      log(`swallows: ${describe(error)}`);
    }
    return "swallowed";
  }

  async function outcome(outer: asyncio.Future<unknown>): Promise<void> {
    try {
      log(show(await outer));
    } catch (error) {
      log(describe(error));
    }
  }

  for (const fn of [waits, swallows]) {
    const future = loop.createFuture();
    const outer = asyncio.gather([() => fn(future), returns], { returnExceptions: true });
    loop.callSoon(log, "soon before");
    log(`cancel: ${show(outer.cancel("at once"))}, ${show(future.cancelled())}`);
    loop.callSoon(log, "soon after");
    await outcome(outer);
  }

  let outer: asyncio.Future<unknown> = asyncio.gather([returns, returns], { returnExceptions: true });
  outer.cancel("too late");
  await outcome(outer);

  outer = asyncio.gather(returns, returns);
  outer.cancel("too late");
  await outcome(outer);

  const future = loop.createFuture();
  outer = asyncio.gather(
    () => waits(future),
    () => waits(future),
  );
  log(`cancel: ${show(outer.cancel("all wait"))}, ${show(future.cancelled())}`);
  await outcome(outer);
}
