/** Runs the measurements: a fresh process for each, the libraries side by side, round after round. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PYTHON } from "./machine.ts";
import { isMeasured, type LibraryName, operationsOf, type Row } from "./row.ts";

const MEASURE = fileURLToPath(new URL("measure.ts", import.meta.url));
const CPYTHON = fileURLToPath(new URL("libraries/cpython.py", import.meta.url));
/** A measurement that takes longer hangs. */
const LIMIT_MS = 120_000;

/** The figures of one row: of each library that was measured, one a round. */
export interface Measured {
  readonly row: Row;
  readonly figures: ReadonlyMap<LibraryName, number[]>;
}

/** What did not give a figure, and why. */
export interface Failure {
  readonly row: Row;
  readonly library: LibraryName;
  readonly reason: string;
}

/** What {@link runRounds} is to do. */
export interface Plan {
  readonly rows: readonly Row[];
  readonly libraries: readonly LibraryName[];
  readonly rounds: number;
  /** Hears of each measurement before it begins. */
  readonly onProgress: (done: number, all: number, row: Row, library: LibraryName) => void;
}

/** Measures every row in every library, `rounds` times. */
export async function runRounds(plan: Plan): Promise<{ measured: Measured[]; failures: Failure[] }> {
  const measured = plan.rows.map((row) => {
    const libraries = plan.libraries.filter((library) => isMeasured(row, library));
    return { row, figures: new Map(libraries.map((library) => [library, [] as number[]])) };
  });
  const all = plan.rounds * measured.reduce((count, { figures }) => count + figures.size, 0);
  const failures = new Map<string, Failure>();
  let done = 0;
  for (let round = 0; round < plan.rounds; round++) {
    for (const { row, figures } of measured) {
      // Whoever runs first may find the machine cooler, or busier: in the next round he is the last.
      const order = round % 2 === 0 ? [...figures] : [...figures].toReversed();
      for (const [library, values] of order) {
        plan.onProgress(done++, all, row, library);
        try {
          values.push(await measureOnce(row, library));
        } catch (error) {
          failures.set(`${row.name} ${library}`, { row, library, reason: reasonOf(error) });
        }
      }
    }
  }
  return { measured, failures: [...failures.values()] };
}

async function measureOnce(row: Row, library: LibraryName): Promise<number> {
  const operations = operationsOf(row, library);
  const [command, args] =
    library === "asyncio" && row.kind !== "server"
      ? [PYTHON, ["-I", CPYTHON, row.name, String(operations), String(row.expected(operations))]]
      : [process.execPath, ["--expose-gc", MEASURE, library, row.name]];
  const { stdout } = await promisify(execFile)(command, args, { timeout: LIMIT_MS });
  return (JSON.parse(stdout) as { value: number }).value;
}

/** The line of a failed process's output that says most. */
function reasonOf(error: unknown): string {
  const { stderr, killed } = error as { stderr?: string; killed?: boolean };
  if (killed === true) return `it took more than ${LIMIT_MS / 1000} s`;
  const lines = (stderr ?? "").split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? String(error)).trim();
}
