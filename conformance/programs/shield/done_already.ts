import { getRunningLoop, shield } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A shield of what is done is that thing itself. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<string>();
  fut.setResult("r");
  log(show((shield(fut) as unknown) === fut));
  const pending = getRunningLoop().createFuture<string>();
  log(show((shield(pending) as unknown) === pending));
  log(await shield(fut));
}
