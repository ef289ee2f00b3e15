/** `turnwise ps PID`, `turnwise pstree PID` and `turnwise top PID`: the tasks of a process that runs. */
import { styleText } from "node:util";
import { AttachError, deadlocks, formatTable, formatTree, type Screen, snapshotOf } from "@turnwise/lens";
import { Command } from "commander";
import { top } from "./top.ts";
import { UsageError } from "./usage-error.ts";

interface LiveFlags {
  readonly json?: true;
  readonly timeout: string;
}
interface TopFlags extends LiveFlags {
  readonly once?: true;
  readonly interval: string;
}

/** The tasks as a table. */
export function psCommand(): Command {
  return liveCommand("ps", "list the tasks of a running process")
    .description("Lists the tasks of a process that runs on Turnwise: what each waits for, since when, who awaits it.")
    .action(async (pid: string, flags: LiveFlags) => {
      await live(async (signal) => {
        const snapshot = await snapshotOf(processId(pid), { ...patience(flags), signal });
        process.stdout.write(flags.json ? `${JSON.stringify(snapshot)}\n` : formatTable(snapshot, screen()));
      });
    });
}

/** The tasks as a tree. */
export function pstreeCommand(): Command {
  return liveCommand("pstree", "show which tasks of a running process wait for which")
    .description("Shows the tasks of a process as a tree: beneath each those that it waits for.")
    .addHelpText("after", "\nThe exit code is 1 if there is a deadlock.")
    .action(async (pid: string, flags: LiveFlags) => {
      await live(async (signal) => {
        const snapshot = await snapshotOf(processId(pid), { ...patience(flags), signal });
        process.stdout.write(flags.json ? `${JSON.stringify(snapshot)}\n` : formatTree(snapshot, screen()));
        if (deadlocks(snapshot).length > 0) process.exitCode = 1;
      });
    });
}

/** The busiest tasks, again and again. */
export function topCommand(): Command {
  return liveCommand("top", "watch the tasks of a running process")
    .description("Watches the tasks of a process: who runs for longest, who waits for longest. q or Ctrl-C ends it.")
    .option("--interval <SECONDS>", "how often to look", "1")
    .option("--once", "look once")
    .action(async (pid: string, flags: TopFlags) => {
      const interval = seconds("--interval", flags.interval);
      await live(async (signal) => {
        await top(processId(pid), { ...patience(flags), json: flags.json, once: flags.once, interval, signal, screen });
      });
    });
}

function liveCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .usage("[options] PID")
    .argument("<PID>", "the process")
    .addHelpText("after", `\nExample:\n  $ turnwise ${name} 4711`)
    .option("--json", "as JSON")
    .option("--timeout <SECONDS>", "how long to wait for a process that is in a native call", "6");
}

function processId(text: string): number {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || pid < 1 || pid > 0x7fffffff) throw new UsageError(`'${text}' is not a process id`);
  return pid;
}

function seconds(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0) || value > 86_400) {
    throw new UsageError(`${flag} takes a number of seconds, got '${text}'`);
  }
  return value;
}

function patience({ timeout }: LiveFlags): { timeout: number; onSlow: (message: string) => void } {
  return {
    timeout: seconds("--timeout", timeout),
    onSlow: (message) => void process.stderr.write(`${message}\n`),
  };
}

/** What stdout is. Only a terminal has a width, and gets colours. */
function screen(): Screen {
  return {
    cwd: process.cwd(),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    paint: (style, text) => styleText(style, text, { stream: process.stdout }),
  };
}

/** Runs one of the commands. Ctrl-C ends it, and leaves the other process as it was. */
async function live(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  // Whoever read has enough, as in `turnwise ps 4711 | head`: it may come to light after the command is over.
  let hasReader = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    hasReader = false;
    interrupt.abort();
  });
  try {
    await command(interrupt.signal);
  } catch (thrown) {
    if (!(thrown instanceof AttachError)) throw thrown;
    if (!hasReader) return;
    const error = styleText(["bold", "red"], "error:", { stream: process.stderr });
    process.stderr.write(`${error} ${thrown.message}\n`);
    process.exitCode = thrown.code === "aborted" ? 130 : 1;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
