import { wait } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** wait of nothing is refused. */
export default async function main(log: Log): Promise<void> {
  try {
    await wait([]);
  } catch (error) {
    log(describe(error));
  }
}
