/** What is wrong in a run, in words. `docs/warnings.md` has a section for each code. */
import type { BlockedLine, Warning } from "../../summary.ts";
import type { Trace } from "../../trace.ts";
import type { ReadySteps } from "../ready.ts";
import { blockedLoop } from "./blocked.ts";
import { deadlocks } from "./deadlock.ts";
import { lostErrors } from "./lost-errors.ts";
import { neverYielded } from "./never-yielded.ts";
import { pendingAtExit } from "./pending.ts";
import { polling } from "./polling.ts";

/** The most serious first: what stopped the program, what it lost, what made it slow. */
export function warningsFor(trace: Trace, lines: readonly BlockedLine[], ready: ReadySteps): Warning[] {
  const stuck = deadlocks(trace);
  return [
    ...stuck.warnings,
    ...lostErrors(trace),
    ...blockedLoop(trace, lines),
    ...neverYielded(trace, ready),
    ...pendingAtExit(trace, stuck.tasks),
    ...polling(trace),
  ];
}
