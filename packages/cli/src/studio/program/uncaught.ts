/** `uncaught`: an error that nobody caught, in a line, and where the user's code threw it. */
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { ProgramError } from "@turnwise/studio/protocol";

const FRAME = /^\s*at (?:async )?(?:.*\()?(.+?):(\d+):(\d+)\)?$/;

/** @param program - the program's file: of all frames its own are what the person looks at. */
export function uncaught(thrown: unknown, program: string): ProgramError {
  const places = errorsIn(thrown).flatMap((error) => placesOf(error));
  const place = places.find(({ file }) => file === program) ?? places[0];
  return { message: messageOf(thrown), file: null, line: null, column: null, ...place };
}

/** The error, and those that it is made of or was caused by. */
function errorsIn(thrown: unknown): Error[] {
  const errors = new Set<Error>();
  const add = (each: unknown): void => {
    if (!(each instanceof Error) || errors.has(each)) return;
    errors.add(each);
    if (each instanceof AggregateError) each.errors.forEach(add);
    add(each.cause);
  };
  add(thrown);
  return [...errors];
}

function placesOf({ stack = "" }: Error): { file: string; line: number; column: number }[] {
  return stack.split("\n").flatMap((text) => {
    const [, url = "", line, column] = FRAME.exec(text) ?? [];
    if (url === "" || url.startsWith("node:") || /[\\/]node_modules[\\/]/.test(url)) return [];
    const file = url.startsWith("file:") ? fileURLToPath(url) : url;
    return [{ file, line: Number(line), column: Number(column) }];
  });
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `Uncaught ${inspect(thrown, { depth: 0, breakLength: Infinity })}`;
  return String(thrown).split("\n", 1)[0] as string;
}
