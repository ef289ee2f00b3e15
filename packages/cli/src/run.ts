/** `turnwise run FILE [ARG...]`: a program as `node FILE` would run it, or under virtual time. */
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { becomeNode } from "./launch.ts";
import { checkProgramFile } from "./program-file.ts";
import { checkSyntax } from "./syntax.ts";

interface RunFlags {
  readonly virtual?: true;
  readonly debug?: true;
}

/** The subcommand. Everything after FILE is the program's own. */
export function runCommand(): Command {
  return new Command("run")
    .summary("run a program")
    .description("Runs a TypeScript or JavaScript program. Its output, input, arguments and exit code are its own.")
    .usage("[options] FILE [ARG...]")
    .argument("<FILE>", "the program: .ts, .mts, .cts, .js, .mjs or .cjs")
    .argument("[ARG...]", "what it gets as process.argv.slice(2)")
    .option("--virtual", "virtual time: sleeps take none, and every clock goes along")
    .option("--debug", "asyncio's debug mode (sets TURNWISE_DEBUG=1)")
    .passThroughOptions()
    .addHelpText("after", "\nExample:\n  $ turnwise run --virtual examples/cooperative.ts")
    .action(run);
}

async function run(file: string, args: string[], flags: RunFlags): Promise<void> {
  checkProgramFile(file);
  await checkSyntax(pathToFileURL(file));
  const preload = new URL("./virtual/preload.js", import.meta.url);
  // A name that begins with a dash would be taken for an option of Node's.
  const program = file.startsWith("-") ? fileURLToPath(pathToFileURL(file)) : file;
  becomeNode(
    [...process.execArgv, ...(flags.virtual ? ["--import", preload.href] : []), program, ...args],
    flags.debug ? { ...process.env, TURNWISE_DEBUG: "1" } : process.env,
  );
}
