/** The command `npm run conformance`. */
import { parseArgs } from "node:util";
import { explain, isEqual } from "./compare.ts";
import { loadCPython } from "./cpython.ts";
import { findPairs, runPairs, type Pair } from "./pairs.ts";
import { keep } from "./random/found.ts";
import { statementsIn } from "./random/program.ts";
import { runRandom } from "./random/run.ts";

const HELP = `Usage: npm run conformance -- [NAME...] [--random N] [--seed S]

Runs programs in two languages, on CPython's own asyncio and on Turnwise, under
virtual time, and compares what they log, line by line.

  NAME            a pair (gather/results), a folder (gather) or a part of a name;
                  without a name, all pairs
  --list          print the names of the pairs and stop
  --log           print the log of each pair, too
  --random N      run N random programs instead of the pairs; one that differs is
                  shrunk and kept in conformance/found/
  --seed S        the first random program's seed (default: 1); the next has S + 1
  --most M        stop after M random programs that differ (default: 3)
  --help          print this

Exit code: 0 if all logs are equal, 1 if some differ, 2 if the command is wrong.`;

class UsageError extends Error {}

interface Options {
  names: string[];
  list: boolean;
  log: boolean;
  help: boolean;
  random: number | undefined;
  seed: number;
  most: number;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      list: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      random: { type: "string" },
      seed: { type: "string" },
      most: { type: "string" },
    },
  });
  const random = wholeNumber("--random", values.random, 1);
  if (random === undefined && (values.seed ?? values.most) !== undefined) {
    throw new UsageError("--seed and --most are for random programs: say how many with --random N");
  }
  if (random !== undefined && positionals.length > 0) {
    throw new UsageError("--random makes its own programs: leave out the names");
  }
  return {
    names: positionals,
    list: values.list,
    log: values.log,
    help: values.help,
    random,
    seed: wholeNumber("--seed", values.seed, 0) ?? 1,
    most: wholeNumber("--most", values.most, 1) ?? 3,
  };
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${option} takes a whole number from ${least} up, not "${text}"`);
}

/** A line on the terminal that the next one replaces; nothing where the output is kept in a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function choose(pairs: readonly Pair[], names: readonly string[]): Pair[] {
  if (names.length === 0) return [...pairs];
  const chosen = new Set<Pair>();
  for (const name of names) {
    const exact = pairs.filter((pair) => pair.name === name || pair.name.startsWith(`${name}/`));
    const found = exact.length > 0 ? exact : pairs.filter((pair) => pair.name.includes(name));
    if (found.length === 0) throw new UsageError(`no pair is called "${name}"; --list prints the names`);
    for (const pair of found) chosen.add(pair);
  }
  return [...chosen];
}

async function comparePairs(options: Options): Promise<boolean> {
  const pairs = choose(await findPairs(), options.names);
  if (options.list) {
    for (const pair of pairs) console.log(pair.name);
    return true;
  }
  progress("loading CPython");
  const start = performance.now();
  const comparisons = await runPairs(pairs, ({ name }, count) => progress(`${count}/${pairs.length} ${name}`));
  progress("");
  let different = 0;
  for (const comparison of comparisons) {
    if (options.log) console.log([comparison.name, ...comparison.cpython.map((line) => `   ${line}`)].join("\n"));
    if (isEqual(comparison)) continue;
    different++;
    console.log(`${explain(comparison)}\n`);
  }
  console.log(summary(pairs.length, "pairs", different, start));
  return different === 0;
}

async function compareRandom(count: number, { seed, most }: Options): Promise<boolean> {
  progress("loading CPython");
  const { version } = await loadCPython();
  const start = performance.now();
  const { ran, mismatches } = await runRandom({
    count,
    seed,
    most,
    onProgress: (done, found) => progress(`${done}/${count} random programs, ${found} differ`),
    onShrink: ({ seed: one, body }) => progress(`seed ${one}: shrinking, ${[...statementsIn(body)].length} statements`),
  });
  progress("");
  for (const { program, comparison } of mismatches) {
    const command = await keep(program);
    console.log(`${explain(comparison)}\n   shrunk and kept; run it with: ${command}\n`);
  }
  console.log(summary(ran, `random programs (seed ${seed}, CPython ${version})`, mismatches.length, start));
  return mismatches.length === 0;
}

function summary(count: number, what: string, different: number, start: number): string {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return `${count} ${what}: ${different === 0 ? "all logs are equal" : `${different} differ`} (${seconds} s)`;
}

async function main(): Promise<number> {
  try {
    const options = readOptions();
    if (options.help) {
      console.log(HELP);
      return 0;
    }
    const { random } = options;
    const equal = random === undefined ? await comparePairs(options) : await compareRandom(random, options);
    return equal ? 0 : 1;
  } catch (error) {
    progress("");
    const wrongUse =
      error instanceof UsageError ||
      (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    if (!wrongUse) throw error;
    console.error(`conformance: ${error.message}\nTry --help.`);
    return 2;
  }
}

process.exitCode = await main();
