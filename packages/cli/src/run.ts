/** `turnwise run FILE [ARG...]`: a program as `node FILE` would run it, under virtual time, or recorded. */
import { statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { becomeNode } from "./launch.ts";
import { checkOutputFile, lensEnvironment, lensPreload } from "./lens/launch-options.ts";
import { Told } from "./lens/told.ts";
import { checkProgramFile, isPython } from "./program-file.ts";
import { INTERRUPTS } from "./python-interrupts.ts";
import { spawnAside } from "./spawn.ts";
import { checkSyntax } from "./syntax.ts";
import { UsageError } from "./usage-error.ts";

interface RunFlags {
  readonly virtual?: true;
  readonly debug?: true;
  readonly summary?: true;
  readonly report?: string;
  readonly trace?: string;
  readonly json?: true;
  readonly wheel: readonly string[];
}

/** Runs a Python program. */
const pythonProgram = fileURLToPath(new URL("./python-program.js", import.meta.url));
const virtualPreload = new URL("./virtual/preload.js", import.meta.url);

/** The subcommand. Everything after FILE is the program's own. */
export function runCommand(): Command {
  return new Command("run")
    .summary("run a program, and show what its event loop did")
    .description(
      "Runs a TypeScript, JavaScript or Python program. Its output, input, arguments and exit code are its own.",
    )
    .usage("[options] FILE [ARG...]")
    .argument("<FILE>", "the program: .ts, .mts, .cts, .js, .mjs, .cjs or .py")
    .argument("[ARG...]", "what it gets as process.argv.slice(2), or sys.argv[1:]")
    .option("--virtual", "virtual time: sleeps take none, and every clock goes along")
    .option("--debug", "asyncio's debug mode (sets TURNWISE_DEBUG=1 and PYTHONASYNCIODEBUG=1), and the summary")
    .option("--summary", "at the end: who blocked the loop, where, and what the run could have taken")
    .option("--report <FILE.html>", "write all that as one page that opens offline")
    .option("--trace <FILE.json>", "write a trace for Perfetto or chrome://tracing")
    .option("--json", "the summary as JSON, the last line on stderr")
    .option(
      "--wheel <FILE.whl>",
      "a package for a Python program: a wheel of pure Python (may be repeated)",
      oneMore,
      [],
    )
    .passThroughOptions()
    .addHelpText(
      "after",
      "\nWhat Turnwise has to say goes to stderr.\n\nExamples:" +
        "\n  $ turnwise run --virtual examples/cooperative.ts" +
        "\n  $ turnwise run --report report.html examples/blocking.ts",
    )
    .action(run);
}

async function run(file: string, args: string[], flags: RunFlags): Promise<void> {
  checkProgramFile(file);
  for (const output of [flags.report, flags.trace]) if (output !== undefined) checkOutputFile(output, file);
  const { virtual, debug, summary, report, trace, json, wheel: wheels } = flags;
  checkWheels(wheels, file);
  if (!isPython(file)) await checkSyntax(pathToFileURL(file)); // Python tells that itself, in its own words.
  const recorded = debug || summary || report !== undefined || trace !== undefined || json;
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (debug) Object.assign(env, { TURNWISE_DEBUG: "1", PYTHONASYNCIODEBUG: "1" });
  const nodeArgs = programArgs(file, args, { virtual, recorded, wheels });
  // Under the virtual clock no thread may be beside the program's: what another one does takes real time.
  const interruptsByPipe = isPython(file) && !virtual;
  if (interruptsByPipe) env[INTERRUPTS] = "3";
  if (!recorded && interruptsByPipe) {
    spawnAside(nodeArgs, env, { interruptsByPipe });
  } else if (!recorded) becomeNode(nodeArgs, env);
  else {
    const shown = (debug || summary || report !== undefined || trace !== undefined) === true;
    const told = new Told();
    const what = { summary: shown, report, trace, json: json ?? false, toldFile: told.file };
    const options = { file, virtual: virtual ?? false, ...what };
    // A recorded program listens to signals, so as to tell what it did. This process sees to it that they end it.
    spawnAside(nodeArgs, lensEnvironment(env, options), {
      insist: true,
      interruptsByPipe,
      ended: () => {
        told.print();
        told[Symbol.dispose]();
      },
    });
  }
}

function oneMore(wheel: string, before: readonly string[]): string[] {
  return [...before, wheel];
}

/** @throws UsageError for a wheel that is not there, or for a program that is not Python's. */
function checkWheels(wheels: readonly string[], file: string): void {
  if (wheels.length > 0 && !isPython(file)) throw new UsageError("--wheel is for Python programs");
  for (const wheel of wheels) {
    if (!statSync(wheel, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`no such file: ${wheel}`);
  }
}

/** The arguments of Node's for a program, with what is to be loaded before it. */
export function programArgs(
  file: string,
  args: readonly string[],
  {
    virtual,
    recorded,
    wheels = [],
  }: {
    readonly virtual: boolean | undefined;
    readonly recorded: boolean | undefined;
    readonly wheels?: readonly string[];
  },
): string[] {
  // The clock first: a recording goes by it. That of a Python program begins when the interpreter is loaded.
  const preloads = [...(virtual ? [virtualPreload] : []), ...(recorded && !isPython(file) ? [lensPreload] : [])];
  // A name that begins with a dash would be taken for an option of Node's.
  const program = isPython(file)
    ? [pythonProgram, ...wheels.flatMap((wheel) => ["--wheel", wheel]), file]
    : [file.startsWith("-") ? `./${file}` : file];
  return [...process.execArgv, ...preloads.flatMap(({ href }) => ["--import", href]), ...program, ...args];
}
