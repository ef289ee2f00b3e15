/** Counts what a program leaves: sockets, servers, timers, listeners, errors that nobody caught. */
import { setTimeout as pause } from "node:timers/promises";
import { createTask, run, sleep } from "../../index.ts";

/** How long what Node has been told to close may take, in milliseconds. */
const SETTLING = 5_000;

/** Runs `body`. @throws an error that lists what is left when it is over, and was not there before. */
export async function leavesNothing(body: () => Promise<void>): Promise<void> {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  // Turnwise begins to listen to the end of the process, once and for all.
  await run(async () => {
    createTask(() => sleep(1));
  });
  const before = counted();
  process.on("unhandledRejection", note).on("warning", note);
  try {
    await body();
    const late = Date.now() + SETTLING;
    // An unhandled rejection is told after the microtasks.
    await pause(1);
    process.off("unhandledRejection", note).off("warning", note);
    while (left(before).length > 0 && Date.now() < late) await pause(10);
  } finally {
    process.off("unhandledRejection", note).off("warning", note);
  }
  const problems = [...left(before), ...uncaught.map((error) => `uncaught: ${String(error)}`)];
  if (problems.length > 0) throw new Error(`left behind: ${problems.join("; ")}`);
}

type Counts = ReadonlyMap<string, number>;

/** What keeps the process alive, and who listens to it, each by name. */
function counted(): Counts {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const event of process.eventNames()) counts.set(`listener of ${String(event)}`, process.listenerCount(event));
  return counts;
}

function left(before: Counts): string[] {
  return [...counted()].flatMap(([what, count]) => {
    const more = count - (before.get(what) ?? 0);
    return more > 0 ? [`${more} ${what}`] : [];
  });
}
