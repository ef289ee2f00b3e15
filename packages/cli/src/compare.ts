/** `turnwise compare FILE FILE...`: runs programs one after another, and prints what each took in one table. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brief, formatComparison, type Summary } from "@turnwise/lens";
import { Command } from "commander";
import { lensEnvironment } from "./lens/launch-options.ts";
import { checkProgramFile, isPython } from "./program-file.ts";
import { programArgs } from "./run.ts";
import { checkSyntax } from "./syntax.ts";

interface CompareFlags {
  readonly virtual?: true;
  readonly json?: true;
}

/** The subcommand. */
export function compareCommand(): Command {
  return new Command("compare")
    .summary("run programs one after another, and compare what they took")
    .description("Runs each program, with its output, and prints one table of what they took.")
    .usage("[options] FILE FILE...")
    .argument("<FILE...>", "the programs")
    .option("--virtual", "virtual time")
    .option("--json", "the summaries as JSON, in place of the table")
    .addHelpText("after", "\nExample:\n  $ turnwise compare examples/blocking.ts examples/cooperative.ts")
    .action(compare);
}

async function compare(files: string[], flags: CompareFlags): Promise<void> {
  for (const file of files) {
    checkProgramFile(file);
    if (!isPython(file)) await checkSyntax(pathToFileURL(file));
  }
  const folder = mkdtempSync(join(tmpdir(), "turnwise-compare-"));
  try {
    const summaries: Summary[] = [];
    for (const [index, file] of files.entries()) {
      // With --json stdout is for that alone.
      (flags.json ? process.stderr : process.stdout).write(`${index === 0 ? "" : "\n"}== ${file}\n`);
      const summary = await runAndSummarise(file, join(folder, `${index}.json`), flags);
      if (summary === null) return;
      summaries.push(summary);
    }
    process.stdout.write(
      flags.json ? `${JSON.stringify(summaries.map(brief))}\n` : `\n${formatComparison(summaries)}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns null if the program was stopped, or failed: this process then ends as it did. */
async function runAndSummarise(file: string, summaryFile: string, flags: CompareFlags): Promise<Summary | null> {
  const virtual = flags.virtual ?? false;
  const env = lensEnvironment(process.env, { file, virtual, summary: false, json: false, summaryFile });
  const stdio = ["inherit", flags.json ? process.stderr : "inherit", "inherit"] as const;
  const child = spawn(process.execPath, programArgs(file, [], { virtual, recorded: true }), { stdio: [...stdio], env });
  // Ctrl-C reaches the program by itself; one that blocks its thread can't hear it.
  let interrupts = 0;
  const interrupted = (): void => {
    interrupts++;
    setTimeout(() => child.kill("SIGKILL"), interrupts > 1 ? 0 : 1000).unref();
  };
  process.on("SIGINT", interrupted);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  process.off("SIGINT", interrupted);
  if (interrupts > 0) {
    process.kill(process.pid, "SIGINT");
    return null;
  }
  if (signal !== null || code !== 0) {
    process.stderr.write(`${file} ended with ${signal ?? `exit code ${code}`}\n`);
    process.exitCode = code ?? 1;
    return null;
  }
  return JSON.parse(readFileSync(summaryFile, "utf8")) as Summary;
}
