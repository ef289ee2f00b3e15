import { gather } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Cancelling a gather that is done does nothing. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<number> {
    return 1;
  }

  const outer = gather(
    () => child(),
    () => child(),
  );
  log(show(await outer));
  log(`${show(outer.cancel())} ${show(outer.cancelled())}`);
}
