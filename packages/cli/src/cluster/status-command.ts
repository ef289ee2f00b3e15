/** `turnwise cluster status`: what is on the queues, and who works on them. */
import { styleText } from "node:util";
import { Command } from "commander";
import { formatStatus } from "./format-status.ts";
import { connectionFlag, onCluster } from "./on-cluster.ts";

interface StatusFlags {
  readonly redis?: string;
  readonly queue?: string;
  readonly json?: true;
}

/** Commands about clusters. */
export function clusterCommand(): Command {
  const status = connectionFlag(new Command("status"))
    .summary("show queues, workers, calls that run and that failed")
    .description("Shows the queues of a ClusterExecutor: their workers, the calls that run, the last that failed.")
    .option("--queue <NAME>", "one queue only")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  $ turnwise cluster status --redis redis://queue.example:6379")
    .action(async (flags: StatusFlags) => {
      await onCluster(async ({ clusterStatus }) => {
        const found = await clusterStatus({ connection: flags.redis, queue: flags.queue });
        const paint = (text: string): string => styleText("bold", text, { stream: process.stdout });
        process.stdout.write(flags.json ? `${JSON.stringify(found)}\n` : formatStatus(found, paint));
      });
    });
  return new Command("cluster").summary("look at the queues of a cluster").addCommand(status);
}
