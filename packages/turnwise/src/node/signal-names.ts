/** The names and numbers of signals. */
import { constants } from "node:os";
import { describe } from "../describe.ts";

const numbers = constants.signals as Readonly<Record<string, number>>;

/** The name of a signal that the platform knows. @throws TypeError; RangeError, with the name that was meant. */
export function signalName(signal: NodeJS.Signals | number): NodeJS.Signals {
  if (typeof signal === "number") {
    const name = Object.keys(numbers).find((key) => numbers[key] === signal);
    if (name === undefined) throw new RangeError(`invalid signal number ${signal}`);
    return name as NodeJS.Signals;
  }
  if (typeof signal !== "string") {
    throw new TypeError(`a signal must be a name like "SIGTERM", or a number; got ${describe(signal)}`);
  }
  if (Object.hasOwn(numbers, signal)) return signal;
  const meant = (signal as string).toUpperCase().replace(/^(SIG)?/, "SIG");
  throw new RangeError(
    `unknown signal ${describe(signal)}${Object.hasOwn(numbers, meant) ? `: did you mean "${meant}"?` : ""}`,
  );
}

/** The number of a signal. */
export function signalNumber(name: NodeJS.Signals): number {
  return numbers[name] as number;
}
