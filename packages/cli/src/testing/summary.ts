/** What `turnwise run --json` printed. */
import type { BriefSummary } from "@turnwise/lens";
import type { Outcome } from "./program.ts";

/** The last line on stderr. */
export function lastLine({ stderr }: Outcome): string {
  return stderr.trimEnd().split("\n").at(-1) ?? "";
}

/** The summary that `--json` printed there. */
export function summaryOf(outcome: Outcome): BriefSummary {
  return JSON.parse(lastLine(outcome)) as BriefSummary;
}
