import { gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling gather cancels every child and waits for all of them. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, cleanup: number): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`${name} ${describe(error)}`);
      await sleep(cleanup);
      log(`${name} has cleaned up`);
      throw error;
    }
  }

  const outer = gather(
    () => child("a", 2),
    () => child("b", 1),
  );
  await sleep(1);
  log(show(outer.cancel("all")));
  log(`${show(outer.done())} ${show(outer.cancelled())}`);
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(outer.done())} ${show(outer.cancelled())}`);
}
