/** TW003: a task failed that nobody awaited, and its error was lost. */
import type { Warning } from "../../summary.ts";
import type { Trace, TraceError } from "../../trace.ts";
import { inOneLine, inWords, listed, times } from "../figures.ts";
import { nameOf, tasksById } from "../steps.ts";

/** The runtime's own words: a task or future whose error nobody retrieved, an async function that nobody awaited. */
const LOST = /exception was never retrieved|floating async function failed/;

export function lostErrors(trace: Trace): Warning[] {
  const tasks = tasksById(trace);
  const lost = Map.groupBy(
    trace.errors.filter(({ message }) => LOST.test(message)),
    ({ message, error }) => JSON.stringify([message.includes("floating"), error]),
  );
  return [...lost.values()].map((errors) => {
    const known = errors.flatMap(({ task }) => (task === null ? [] : (tasks.get(task) ?? [])));
    const madeAt = known.find((task) => task.madeAt !== null)?.madeAt ?? null;
    const names = known.map(nameOf);
    const what = inOneLine(errors[0]!.error ?? "an error that is not known");
    const made = madeAt === null ? "" : `made at ${inWords(madeAt, trace.program.cwd)}`;
    return {
      code: "TW003",
      title: "an error was lost",
      message: `${subject(errors, names, made)} failed with ${what}`,
      remedy:
        "await it: directly, by `gather`, or in a `taskGroup`, which also cancels the others; " +
        "or look at `task.exception()` in a done callback",
      at: madeAt,
      tasks: known.map(({ id }) => id),
    };
  });
}

/** @param made - "made at main.ts:3:5"; empty if that is not known. */
function subject(errors: readonly TraceError[], names: readonly string[], made: string): string {
  const often = errors.length === 1 ? "" : `${times(errors.length)}, `;
  const { message } = errors[0]!;
  if (message.includes("floating")) {
    const where = names.length === 0 ? "" : `, called in ${listed(names)}${made === "" ? "" : `, ${made}`},`;
    return `${often}an async function that nobody awaits${where}`;
  }
  if (message.startsWith("Future")) return `${often}a future that nobody awaited`;
  const which = names.length === 0 ? "" : ` ${listed(names)}`;
  if (errors.length > 1) return `${often}tasks${which} that nobody awaited${made === "" ? "" : `, the first ${made},`}`;
  return made === "" ? `the task${which}, which nobody awaited,` : `the task${which}, ${made} and awaited by nobody,`;
}
