/** One job: a command that the shell runs, under a timeout, whose output is passed on by the line. */
import * as asyncio from "turnwise/node";

const { DEVNULL, PIPE, STDOUT } = asyncio.subprocess;

/** How long, in seconds, what is left of a job may clean up, before it is killed. */
const GRACE = 2;

/** How a job ended. */
export type Outcome =
  | { readonly kind: "done" }
  /** `code`: its exit code; below 0 the number of the signal that ended it. */
  | { readonly kind: "failed"; readonly code: number }
  | { readonly kind: "timeout"; readonly seconds: asyncio.Seconds };

/**
 * Runs `command`, and gives each line of its output to `print`. However this ends, also when it is cancelled, nothing
 * that the command started is left, not in the background either.
 */
export async function runJob(
  command: string,
  seconds: asyncio.Seconds | null,
  print: (line: string) => void,
): Promise<Outcome> {
  // A session of its own: Ctrl-C at the terminal is the runner's, and the end of the scope kills all that is left of it.
  const options = { stdin: DEVNULL, stdout: PIPE, stderr: STDOUT, startNewSession: true } as const;
  await using child = await asyncio.createSubprocessShell(command, options);
  return await asyncio.taskGroup(async (group) => {
    const output = group.createTask(() => passOn(child.stdout, print));
    try {
      const code = await asyncio.timeout(seconds, () => child.wait());
      return code === 0 ? { kind: "done" } : { kind: "failed", code };
    } catch (error) {
      if (seconds === null || !(error instanceof asyncio.TimeoutError)) throw error;
      return { kind: "timeout", seconds };
    } finally {
      terminate(child.pid);
      await asyncio.wait([output], { timeout: GRACE }); // Until all who could write are gone.
      output.cancel();
    }
  });
}

async function passOn(output: asyncio.StreamReader, print: (line: string) => void): Promise<void> {
  while (!output.atEof()) {
    try {
      const line = await output.readline();
      if (line.length > 0) print(line.toString().replace(/\r?\n$/, ""));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      print("(a line that is too long was dropped)");
    }
  }
}

/** Asks a shell, and what it started, to end. */
function terminate(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // Nothing is left of it.
  }
}
