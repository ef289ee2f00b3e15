/** A summary for people: what `turnwise run --debug` prints on stderr. */
import { styleText } from "node:util";
import type { BlockedLine, PathSegment, Summary } from "../summary.ts";
import { counted, inSeconds, inWords, times } from "./figures.ts";
import { sentence } from "./sentence.ts";
import { waitingMeanwhile } from "./warnings/blocked.ts";

/** So many of each are printed; the rest is counted. A summary fits on a screen. */
const LINES = 5;
const WARNINGS = 8;
const HINTS = 3;

export interface FormatOptions {
  readonly colour: boolean;
  /** Paths in this folder are printed relative to it; by default the folder that the program ran in. */
  readonly cwd?: string;
}

/** @returns lines, without a line break at the end. */
export function formatSummary(summary: Summary, options: FormatOptions): string {
  const { cwd = summary.program.cwd } = options;
  const paint = (style: "bold" | "red" | "yellow" | "dim", text: string): string =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const { blocked, warnings, hints } = summary;
  const lines: string[] = [paint("bold", headline(summary)), ...droppedNote(summary)];
  for (const line of blocked.lines.slice(0, LINES)) lines.push(`  ${paint("red", blockedLine(line, cwd))}`);
  lines.push(...more(blocked.lines.length - LINES, "line"));
  const path = criticalPathLine(summary);
  if (path !== "") lines.push(path);
  for (const { code, title, message, remedy } of told(summary, cwd)) {
    lines.push(`${paint("yellow", `warning ${code}`)}: ${title}: ${message}`, `  ${paint("dim", `remedy: ${remedy}`)}`);
  }
  lines.push(...more(warnings.length - WARNINGS, "warning"));
  for (const { message } of hints.slice(0, HINTS)) lines.push(`${paint("dim", "hint")}: ${message}`);
  lines.push(...more(hints.length - HINTS, "hint"));
  if (blocked.seconds > 0) for (const note of summary.prediction.notes) lines.push(paint("dim", `note: ${note}`));
  return lines.join("\n");
}

function headline(summary: Summary): string {
  const { blocked, counts } = summary;
  if (blocked.stretches > 0) return sentence(summary);
  return `${sentence(summary)}; ${counted(counts.tasks, "task")}, ${counted(counts.steps + counts.callbacks, "step")}`;
}

function droppedNote({ dropped, duration }: Summary): string[] {
  if (dropped.steps === 0 && dropped.tasks === 0) return [];
  const lost = [
    ...(dropped.steps > 0 ? [counted(dropped.steps, "step")] : []),
    ...(dropped.tasks > 0 ? [counted(dropped.tasks, "task")] : []),
  ].join(" and ");
  const kept = inSeconds(Math.max(0, duration - dropped.completeFrom));
  const were = dropped.steps + dropped.tasks === 1 ? "was" : "were";
  return [`  the recorder kept the last ${kept}; ${lost} before ${were} dropped: what follows is about what was kept`];
}

function blockedLine(line: BlockedLine, cwd: string): string {
  const where = line.blame === null ? "a place that is not known" : inWords(line.blame, cwd);
  let text = `${inSeconds(line.seconds)} at ${where}`;
  if (line.times > 1) text += `, ${times(line.times)}`;
  if (line.called !== null) text += `, in ${line.called}`;
  if (line.ready.most > 0) text += `; ${waitingMeanwhile(line.ready)}`;
  return text;
}

/** The warnings to print. What was blocked stands above already, so there only the place and the remedy are said. */
function told({ warnings, blocked }: Summary, cwd: string): Summary["warnings"] {
  return warnings.slice(0, WARNINGS).map((warning) => {
    const { code, at } = warning;
    const isAbove = blocked.lines
      .slice(0, LINES)
      .some(({ blame }) => blame?.file === at?.file && blame?.line === at?.line);
    return code !== "TW001" || at === null || !isAbove ? warning : { ...warning, message: `at ${inWords(at, cwd)}` };
  });
}

/** "critical path 3.01 s: B (3.00 s blocked)": the links that matter, in order. */
function criticalPathLine({ criticalPath: { seconds, segments } }: Summary): string {
  if (segments.every(({ task }) => task === null)) return "";
  const links: { name: string; spans: Map<PathSegment["kind"], number> }[] = [];
  for (const { kind, begin, end, task, name } of segments) {
    if (kind === "queued" || task === null) continue;
    if (links.at(-1)?.name !== name) links.push({ name, spans: new Map() });
    const { spans } = links.at(-1)!;
    spans.set(kind, (spans.get(kind) ?? 0) + end - begin);
  }
  const total = ({ spans }: (typeof links)[number]): number => spans.values().reduce((sum, span) => sum + span, 0);
  const least = Math.max(seconds / 20, [...links].map(total).sort((a, b) => b - a)[PATH_LINKS] ?? 0);
  const texts: string[] = [];
  for (const link of links) {
    if (total(link) > least) texts.push(`${link.name} (${shares(link.spans, seconds)})`);
    else if (texts.length > 0 && texts.at(-1) !== "…") texts.push("…");
  }
  if (texts.at(-1) === "…") texts.pop();
  return `critical path ${inSeconds(seconds)}${texts.length === 0 ? "" : `: ${texts.join(" → ")}`}`;
}

const PATH_LINKS = 5;
const SHARES = { run: "run", blocked: "blocked", wait: "waiting", queued: "queued" };

function shares(spans: ReadonlyMap<PathSegment["kind"], number>, seconds: number): string {
  return [...spans]
    .filter(([, span]) => span >= seconds / 100)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, span]) => `${inSeconds(span)} ${SHARES[kind]}`)
    .join(", ");
}

function more(count: number, what: string): string[] {
  return count > 0 ? [`  and ${counted(count, `more ${what}`)}`] : [];
}
