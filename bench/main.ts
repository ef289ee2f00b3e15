/** The command `npm run bench`. */
import { parseArgs } from "node:util";
import { describeMachine, type Machine } from "./machine.ts";
import { type Line, reportOf } from "./report.ts";
import { type Failure, runRounds } from "./rounds.ts";
import { LIBRARIES, type LibraryName, type Row } from "./row.ts";
import { ROWS } from "./rows.ts";
import { formatTable } from "./table.ts";

const HELP = `Usage: npm run bench -- [--rounds N] [--rows ROW,...] [--libraries LIBRARY,...] [--json]

Measures Turnwise beside native promises, Effect, Effection and, where there is a
python3, CPython's asyncio: each row and library in a process of its own (two,
where it is a server: the other is its client), the libraries side by side, in
reverse order every other round. Prints the medians, their ratios to Turnwise's,
and whether the targets are met. Nothing fails if they are not.

  --rounds N         how often everything is measured (default: 5)
  --rows R,...       only these rows:
                     ${wrap(ROWS.map(({ name }) => name))}
  --libraries L,...  only these: ${LIBRARIES.join(", ")}
  --json             print JSON, with the figure of every round
  --help             print this

Exit code: 0 if everything was measured, 1 if something could not be, 2 if the
command is wrong.`;

class UsageError extends Error {}

interface Options {
  rounds: number;
  rows: readonly Row[];
  libraries: readonly LibraryName[];
  json: boolean;
  help: boolean;
}

/** A list in lines of 80 columns, indented as the help's right column is. */
function wrap(names: readonly string[]): string {
  const indent = 21;
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    // One column more, for the comma at the end of the line.
    if (last === undefined || indent + `${last}, ${name},`.length > 80) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines.join(`,\n${" ".repeat(indent)}`);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      json: { type: "boolean", default: false },
      rounds: { type: "string", default: "5" },
      rows: { type: "string" },
      libraries: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!/^\d+$/.test(values.rounds) || !Number.isSafeInteger(rounds) || rounds < 1) {
    throw new UsageError(`--rounds takes a whole number from 1 up, not "${values.rounds}"`);
  }
  const rowNames = choose(
    "row",
    values.rows,
    ROWS.map(({ name }) => name),
  );
  const libraries = choose("library", values.libraries, LIBRARIES);
  return {
    rounds,
    rows: ROWS.filter(({ name }) => rowNames.includes(name)),
    libraries,
    json: values.json,
    help: values.help,
  };
}

/** The names in a list with commas, in the order of `known`; all of them if there is no list. */
function choose<T extends string>(what: string, list: string | undefined, known: readonly T[]): readonly T[] {
  if (list === undefined) return known;
  const names = list.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!known.some((one) => one === name)) {
      throw new UsageError(`no ${what} is called "${name}": there are ${known.join(", ")}`);
    }
  }
  return known.filter((name) => names.includes(name));
}

/** A line on the terminal that the next one replaces; nothing where the output is kept in a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function formatJson(machine: Machine, rounds: number, lines: readonly Line[], failures: readonly Failure[]): string {
  const rows = lines.map(({ row, cells, targets }) => ({
    name: row.name,
    title: row.title,
    unit: row.unit,
    libraries: Object.fromEntries(cells),
    targets: targets.map(({ target, met }) => ({ ...target, met })),
  }));
  const failed = failures.map(({ row, library, reason }) => ({ row: row.name, library, reason }));
  return JSON.stringify({ machine, rounds, rows, failed }, null, 2);
}

async function bench(options: Options): Promise<number> {
  const machine = describeMachine();
  const libraries = options.libraries.filter((library) => machine.versions[library] !== undefined);
  const { measured, failures } = await runRounds({
    rows: options.rows,
    libraries,
    rounds: options.rounds,
    onProgress: (done, all, row, library) => progress(`${done}/${all} ${row.name} ${library}`),
  });
  progress("");
  const lines = reportOf(measured.filter(({ figures }) => figures.size > 0));
  if (options.json) console.log(formatJson(machine, options.rounds, lines, failures));
  else console.log(formatTable(machine, lines, libraries, options.rounds));
  for (const { row, library, reason } of failures) console.error(`bench: ${row.name} in ${library} failed: ${reason}`);
  return failures.length > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  try {
    const options = readOptions();
    if (!options.help) return await bench(options);
    console.log(HELP);
    return 0;
  } catch (error) {
    progress("");
    const wrongUse =
      error instanceof UsageError ||
      (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    if (!wrongUse) throw error;
    console.error(`bench: ${error.message} (--help tells more)`);
    return 2;
  }
}

process.exitCode = await main();
