import { getRunningLoop } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** The loop runs and is not closed while a program runs. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  log(`${show(loop.isRunning())} ${show(loop.isClosed())}`);
  try {
    loop.close();
  } catch (error) {
    log(describe(error));
  }
  log(`${show(loop.isRunning())} ${show(loop.isClosed())}`);
}
