/** `@turnwise/lens`: what a run did. */
export { formatComparison } from "./analysis/format-comparison.ts";
export { formatSummary } from "./analysis/format-summary.ts";
export { summarise } from "./analysis/summarise.ts";
export * from "./live/index.ts";
export { perfettoTrace, writePerfetto } from "./perfetto/perfetto-trace.ts";
export { record, type Recording, type RecordOptions } from "./recorder/record.ts";
export { htmlReport } from "./report/html-report.ts";
export * from "./summary.ts";
export type * from "./trace.ts";
