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

/** What Node says of what is no module that it can load. */
const NO_MODULE = new Set([
  "ERR_MODULE_NOT_FOUND",
  "ERR_UNSUPPORTED_DIR_IMPORT",
  "ERR_IMPORT_ATTRIBUTE_MISSING",
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_ESM_URL_SCHEME",
]);

/** Loads it, and runs `main` on a loop. */
export async function onCluster(main: (loaded: Loaded) => Promise<void>): Promise<void> {
  const { addSignalHandler, Event, run } = await import("turnwise/node");
  const loaded = { ...(await import("@turnwise/cluster")), addSignalHandler, Event };
  try {
    await run(() => main(loaded));
  } catch (thrown) {
    if (thrown instanceof Error && /^(a URL of Redis|a queue's name|lease must) /.test(thrown.message))
      throw new UsageError(thrown.message);
    const isKnown = thrown instanceof loaded.ClusterConnectionError;
    if (!isKnown && !NO_MODULE.has((thrown as NodeJS.ErrnoException).code ?? "")) throw thrown;
    const error = styleText(["bold", "red"], "error:", { stream: process.stderr });
    // Who imports what the command line says is no news.
    const why = (thrown as Error).message.replace(
      / (resolving ES modules )?imported from \S*served-modules\.[jt]s$/,
      "",
    );
    process.stderr.write(`${error} ${why}\n`);
    process.exitCode = 1;
  }
}
