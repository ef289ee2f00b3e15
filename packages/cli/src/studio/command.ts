/** `turnwise studio [FILE...]`: its command line. What it does is loaded when it is asked for: other commands are quicker. */
import { Command } from "commander";
import type { StudioFlags } from "./studio.ts";

/** The subcommand. */
export function studioCommand(): Command {
  return new Command("studio")
    .summary("watch programs take turns, in a page")
    .description(
      "Opens a page that runs programs, and shows side by side what their event loops did, step by step.\n" +
        "Without files it has the notes' three programs. They can be edited there; the files stay as they are.",
    )
    .usage("[options] [FILE...]")
    .argument("[FILE...]", "the programs; the first four are run at once")
    .option("--pid <PID>", "show the tasks of this running process too")
    .option("--port <N>", "serve on this port of 127.0.0.1; by default on any that is free", "0")
    .option("--no-open", "only print the address; a browser is opened where stdout is a terminal")
    .addHelpText(
      "after",
      "\nWhoever has the address can run programs as you. Ctrl-C ends it, and all that it runs.\n\nExamples:" +
        "\n  $ turnwise studio" +
        "\n  $ turnwise studio examples/blocking.ts examples/cooperative.ts" +
        "\n  $ turnwise studio --pid 4711",
    )
    .action(async (files: string[], flags: StudioFlags) => {
      const { studio } = await import("./studio.ts");
      await studio(files, flags);
    });
}
