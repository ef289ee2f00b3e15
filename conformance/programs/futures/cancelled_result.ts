import { getRunningLoop } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** result() and exception() of a cancelled future raise CancelledError with its message. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<number>();
  fut.cancel("why");
  for (const ask of [() => fut.result(), () => fut.exception()]) {
    try {
      ask();
    } catch (error) {
      log(describe(error));
    }
  }
  try {
    await fut;
  } catch (error) {
    log(describe(error));
  }
  try {
    fut.setResult(1);
  } catch (error) {
    log(describe(error));
  }
}
