import { getRunningLoop } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A program's own handler gets the message and the error. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  loop.setExceptionHandler((_, context) => log(`own: ${context.message} ${describe(context.exception)}`));
  loop.callExceptionHandler({ message: "by hand", exception: new Boom("given") });
  loop.callExceptionHandler({ message: "only a message" });
  log(show(loop.getExceptionHandler() !== null));
}
