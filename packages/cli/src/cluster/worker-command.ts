/** `turnwise worker MODULE...`: runs the calls that a ClusterExecutor submits. */
import { styleText } from "node:util";
import { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { connectionFlag, onCluster } from "./on-cluster.ts";
import { printable } from "./printable.ts";

interface WorkerFlags {
  readonly redis?: string;
  readonly queue?: string;
  readonly concurrency: string;
  readonly lease: string;
}

export function workerCommand(): Command {
  return connectionFlag(new Command("worker"))
    .summary("run calls that come over a queue")
    .description("Runs the functions of modules for a ClusterExecutor elsewhere, each call as a task.")
    .usage("[options] MODULE...")
    .argument("<MODULE...>", "a file, or NAME=FILE: callers know it as cluster:NAME")
    .option("--queue <NAME>", "the queue", "default")
    .option("--concurrency <N>", "so many calls at a time", "1")
    .option("--lease <SECONDS>", "a worker that was not heard of for so long is taken for dead", "30")
    .addHelpText(
      "after",
      "\nSIGTERM or Ctrl-C: takes no more calls, and ends when those that run are done. A second one cancels them and\n" +
        "gives them back to the queue.\n\nExample:\n  $ turnwise worker --concurrency 4 src/images.ts",
    )
    .action(async (modules: string[], flags: WorkerFlags) => {
      const options = {
        connection: flags.redis,
        queue: flags.queue,
        concurrency: wholeNumber("--concurrency", flags.concurrency),
        lease: seconds("--lease", flags.lease),
        report: say,
      };
      await onCluster(async ({ addSignalHandler, Event, startWorker }) => {
        const stop = new Event();
        const worker = await startWorker(modules.map(servedModule), options);
        for (const signal of ["SIGTERM", "SIGINT"] as const) {
          addSignalHandler(signal, () => {
            if (stop.isSet()) void worker.close();
            else stop.set();
          });
        }
        say(`${String(worker)}, ${options.concurrency} at a time`);
        await stop.wait();
        const { running } = worker;
        if (running > 0) say(`waits for ${running} ${running === 1 ? "call" : "calls"}; again: gives them back`);
        await worker.drain();
        say("done");
      });
      // Where Redis was gone, BullMQ's timers would keep the process for up to ten seconds.
      process.exit();
    });
}

/** `NAME=FILE`, or a file. */
function servedModule(text: string): string | { name: string; module: string } {
  const [, name, module] = /^([^=:/\\]+)=(.+)$/s.exec(text) ?? [];
  return name === undefined || module === undefined ? text : { name, module };
}

function say(line: string): void {
  process.stderr.write(
    `${styleText("dim", new Date().toISOString(), { stream: process.stderr })} ${printable(line)}\n`,
  );
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${flag} takes a whole number above 0, got '${text}'`);
  return value;
}

function seconds(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${flag} takes a number of seconds, got '${text}'`);
  return value;
}
