/** Several summaries side by side: what `turnwise compare FILE FILE...` prints. */
import type { Summary } from "../summary.ts";
import { inSeconds } from "./figures.ts";

interface Row {
  readonly title: string;
  readonly value: (summary: Summary) => string;
}

const ROWS: readonly Row[] = [
  { title: "time", value: ({ duration }) => inSeconds(duration) },
  { title: "blocked", value: ({ blocked }) => inSeconds(blocked.seconds) },
  { title: "if it yielded", value: ifItYielded },
  {
    title: "critical path",
    value: ({ counts, criticalPath }) => (counts.steps === 0 ? "–" : inSeconds(criticalPath.seconds)),
  },
  { title: "steps", value: (summary) => atLeast(summary, summary.counts.steps + summary.counts.callbacks) },
  { title: "tasks", value: ({ counts }) => String(counts.tasks) },
  { title: "most ready at once", value: (summary) => atLeast(summary, summary.counts.peakReady) },
];

/** A table: a row for each figure, a column for each program. No line break at the end. */
export function formatComparison(summaries: readonly Summary[]): string {
  const table = [
    ["", ...summaries.map(({ program }) => program.file ?? "?")],
    ...ROWS.map(({ title, value }) => [title, ...summaries.map(value)]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return [...lines, ...droppedNotes(summaries)].join("\n");
}

/** A program without tasks has nothing to replay. */
function ifItYielded({ blocked, counts, prediction }: Summary): string {
  return blocked.seconds > 0 && counts.steps + counts.callbacks === 0 ? "–" : inSeconds(prediction.seconds);
}

/** What the recorder dropped is not in the figure. */
function atLeast({ dropped }: Summary, count: number): string {
  return dropped.steps > 0 ? `≥ ${count}` : String(count);
}

function droppedNotes(summaries: readonly Summary[]): string[] {
  return summaries
    .filter(({ dropped }) => dropped.steps > 0)
    .map(
      ({ program, dropped, duration }) =>
        `${program.file ?? "?"}: the recorder kept the last ${inSeconds(duration - dropped.completeFrom)}; ` +
        `${dropped.steps} steps before were dropped`,
    );
}
