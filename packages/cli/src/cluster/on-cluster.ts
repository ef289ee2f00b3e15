/** What the commands about clusters have in common: where Redis is, and what is said when it can't be reached. */
import { styleText } from "node:util";
import type * as cluster from "@turnwise/cluster";
import type * as asyncio from "turnwise/node";
import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";

/** Adds `--redis`. */
export function connectionFlag(command: Command): Command {
  return command.option(
    "--redis <URL>",
    "redis:// or rediss:// (default: $TURNWISE_REDIS_URL, $REDIS_URL, or redis://localhost:6379)",
  );
}

/** What these commands need, and others should not wait for. */
export type Loaded = typeof cluster & Pick<typeof asyncio, "addSignalHandler" | "Event">;

/** Loads it, and runs `main` on a loop. */
export async function onCluster(main: (loaded: Loaded) => Promise<void>): Promise<void> {
  const { addSignalHandler, Event, run } = await import("turnwise/node");
  const loaded = { ...(await import("@turnwise/cluster")), addSignalHandler, Event };
  try {
    await run(() => main(loaded));
  } catch (thrown) {
    if (thrown instanceof TypeError && thrown.message.startsWith("a URL of Redis"))
      throw new UsageError(thrown.message);
    const isKnown = thrown instanceof loaded.ClusterConnectionError;
    const isMissing = (thrown as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    if (!isKnown && !isMissing) throw thrown;
    const error = styleText(["bold", "red"], "error:", { stream: process.stderr });
    process.stderr.write(`${error} ${(thrown as Error).message}\n`);
    process.exitCode = 1;
  }
}
