/** `Recorded`: a trace, and what the page works out of it once: its summary, what its timeline draws, its moments. */
import { summarise } from "../../../lens/src/analysis/summarise.ts";
import { encode } from "../../../lens/src/report/encode.ts";
import { readRun, type Run } from "../../../lens/src/report/page/run.ts";
import type { Summary } from "../../../lens/src/summary.ts";
import type { Trace } from "../../../lens/src/trace.ts";
import { Moments } from "./moment/moment.ts";

export interface Recorded {
  readonly trace: Trace;
  readonly summary: Summary;
  readonly run: Run;
  readonly moments: Moments;
}

export function recorded(trace: Trace, summary: Summary = summarise(trace)): Recorded {
  return { trace, summary, run: readRun(encode(trace, summary)), moments: new Moments(trace) };
}
