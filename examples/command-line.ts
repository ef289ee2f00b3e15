/** The command lines of the examples: what is wrong with one is said in one line, and ends the program with code 2. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** Takes this program's arguments apart, as `parseArgs` does. */
export function commandLine<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return misused((error as Error).message.split(". ")[0] as string); // Then there is advice.
  }
}

/** A number that was given for `--name`. */
export function number(name: string, text: string, { from, whole = false }: { from: number; whole?: boolean }): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= from && value < Infinity && (!whole || Number.isInteger(value))) return value;
  return misused(`--${name} must be a ${whole ? "whole " : ""}number from ${from}, got ${JSON.stringify(text)}`);
}

/** Ends the program. */
export function misused(message: string): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}
