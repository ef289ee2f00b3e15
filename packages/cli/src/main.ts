/** The command `turnwise`: reads the command line, and turns whatever is wrong with it into one line and exit code 2. */
import { existsSync } from "node:fs";
import { styleText } from "node:util";
import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { clusterCommand } from "./cluster/status-command.ts";
import { workerCommand } from "./cluster/worker-command.ts";
import { compareCommand } from "./compare.ts";
import { psCommand, pstreeCommand, topCommand } from "./live-commands.ts";
import { runCommand } from "./run.ts";
import { studioCommand } from "./studio/command.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

const program = new Command("turnwise")
  .description("asyncio for TypeScript: runs programs and shows what their event loop did.")
  .version(manifest.version)
  .usage("[options] <command>")
  .argument("[command]")
  .allowExcessArguments()
  .enablePositionalOptions()
  .helpCommand(true)
  .configureHelp({ styleTitle: (title) => styleText("bold", title), visibleArguments: () => [] })
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .exitOverride()
  .addHelpText("after", "\nExample:\n  $ turnwise run examples/cooperative.ts")
  .action((name: string | undefined) => {
    if (name !== undefined) throw new UsageError(unknownCommand(name));
    program.help({ error: true });
  });
const live = [psCommand(), pstreeCommand(), topCommand()];
const cluster = [workerCommand(), clusterCommand()];
for (const command of [runCommand(), compareCommand(), studioCommand(), ...live, ...cluster]) {
  // Only here any word is taken, to say what is meant by it.
  program.addCommand(command.copyInheritedSettings(program).allowExcessArguments(false));
  for (const part of command.commands) part.copyInheritedSettings(command);
}

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof UsageError) process.stderr.write(oneLine(`error: ${thrown.message}`));
  else if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown instanceof CommanderError && thrown.exitCode === 0 ? 0 : 2;
}

function unknownCommand(name: string): string {
  const commands = program.commands.map((command) => command.name());
  const meant = existsSync(name) ? `turnwise run ${name}` : nearest(name, commands);
  return `unknown command '${name}'${didYouMean(meant)}`;
}

/** Commander puts its suggestions on a line of their own. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\(Did you mean (.*)\?\)$/s, " (did you mean $1?)");
  return `${line.replace(/^error:/, styleText(["bold", "red"], "error:", { stream: process.stderr }))}\n`;
}
