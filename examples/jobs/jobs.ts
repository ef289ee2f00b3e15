/**
 * Runs commands, so many at a time, and passes their output on by the line:
 *
 *   turnwise run examples/jobs/jobs.ts --limit 2 "npm run lint" "npm run build" "sleep 1; date"
 *   turnwise run examples/jobs/jobs.ts --keep-going --timeout 60 --file jobs.txt        (a command a line)
 *
 * At the first failure the others are stopped, unless there is `--keep-going`. Ctrl-C and SIGTERM stop them all,
 * and then the runner. The exit code is 0 if all jobs are done, 1 if one failed or took too long.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import * as asyncio from "turnwise/node";
import { commandLine, misused, number } from "../command-line.ts";
import { type Outcome, runJob } from "./job.ts";

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    limit: { type: "string", default: String(availableParallelism()) },
    timeout: { type: "string" },
    "keep-going": { type: "boolean", default: false },
    file: { type: "string" },
  },
});
const limit = number("limit", values.limit, { from: 1, whole: true });
const timeout = values.timeout === undefined ? null : number("timeout", values.timeout, { from: 0 });
const keepGoing = values["keep-going"];

const commands = [...(values.file === undefined ? [] : await readCommands(values.file)), ...positionals];
if (commands.length === 0) misused("there is nothing to run: give commands, or a --file with one a line");

/** How each ended, in the order of the commands; those that were stopped, or never began, have none. */
const outcomes: (Outcome | undefined)[] = commands.map(() => undefined);

/** What asked the runner to stop. */
let signal: NodeJS.Signals | undefined;

await asyncio.run(async () => {
  await asyncio.taskGroup(
    async (group) => {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        asyncio.addSignalHandler(name, () => {
          signal = name;
          group.cancel();
        });
      }
      for (const [index, command] of commands.entries()) {
        const job = async (): Promise<void> => {
          const outcome = await runJob(command, timeout, (line) => console.log(`[${index + 1}] ${line}`));
          outcomes[index] = outcome;
          if (outcome.kind !== "done" && !keepGoing) group.cancel();
        };
        group.createTask(job, { name: command });
      }
    },
    { limit },
  );
});

for (const [index, command] of commands.entries()) {
  console.error(`[${index + 1}] ${describe(outcomes[index])}: ${command}`);
}
process.exitCode = outcomes.every((outcome) => outcome?.kind === "done") ? 0 : 1;
// The loop is closed, and its handlers are gone: the signal does now what it does to any program.
if (signal !== undefined) process.kill(process.pid, signal);

async function readCommands(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.trim());
    return lines.filter((line) => line !== "" && !line.startsWith("#"));
  } catch (error) {
    return misused(`can't read the commands: ${(error as Error).message}`);
  }
}

function describe(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "stopped";
  if (outcome.kind === "timeout") return `took longer than ${outcome.seconds} s`;
  if (outcome.kind === "done") return "done";
  return outcome.code < 0 ? `ended by signal ${-outcome.code}` : `failed with exit code ${outcome.code}`;
}
