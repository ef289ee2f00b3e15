/** Warnings, hints, lost errors, and the lines that blocked, with their source. */
import type { BlockedLine } from "../../summary.ts";
import type { Frame } from "../../trace.ts";
import { counted, inWords, listed, times as inTimes, whereabouts } from "../../analysis/figures.ts";
import { inUnits } from "../units.ts";
import { element, prose } from "./dom.ts";
import type { Explorer, Selection } from "./explorer.ts";
import type { Run } from "./run.ts";

/** Goes to a moment and shows the timeline. */
export type Jump = (selection: Selection) => void;

export function warningsSection({ run }: Explorer, jump: Jump): HTMLElement {
  const { warnings, errors, program } = run.data;
  const cards = warnings.map((warning) => {
    const target = momentOf(run, warning.at, warning.tasks);
    return element(
      "li",
      { class: "card warning" },
      element("h3", {}, element("span", { class: "code" }, warning.code), " ", warning.title),
      element("p", {}, ...prose(warning.message)),
      element("p", { class: "remedy" }, ...prose(warning.remedy)),
      ...showButton(target, jump, `Show ${warning.code} on the timeline`),
    );
  });
  const lost = errors.map(({ at, message, error }) =>
    element(
      "li",
      { class: "card" },
      element("h3", {}, message),
      element("p", {}, `${error === null ? "" : `${error}, `}at ${inUnits(at)}`),
    ),
  );
  const none = `None. Nothing ran longer than ${inUnits(program.threshold)} without giving the others a turn.`;
  return element(
    "section",
    { "aria-labelledby": "warnings-title" },
    element("h2", { id: "warnings-title" }, `Warnings (${warnings.length})`),
    warnings.length === 0
      ? element("p", { class: "quiet" }, run.blocked.length === 0 ? none : "None.")
      : element("ul", { class: "cards" }, ...cards),
    ...(lost.length === 0
      ? []
      : [element("h2", {}, `Errors (${lost.length})`), element("ul", { class: "cards" }, ...lost)]),
  );
}

export function hintsSection({ run }: Explorer, jump: Jump): HTMLElement[] {
  const { hints } = run.data;
  if (hints.length === 0) return [];
  const cards = hints.map((hint) =>
    element(
      "li",
      { class: "card" },
      element("p", {}, ...prose(hint.message)),
      ...showButton(momentOf(run, null, hint.tasks), jump, "Show the task on the timeline"),
    ),
  );
  return [
    element(
      "section",
      { "aria-labelledby": "hints-title" },
      element("h2", { id: "hints-title" }, `Hints (${hints.length})`),
      element("ul", { class: "cards" }, ...cards),
    ),
  ];
}

export function blockedSection({ run }: Explorer, jump: Jump): HTMLElement[] {
  const { blockedLines, program } = run.data;
  if (blockedLines.length === 0) return [];
  const cards = blockedLines.map((line) => {
    const longest = run.blocked
      .filter(({ blame, called }) => isSame(blame, line.blame) && called === (line.called ?? ""))
      .reduce<Selection | null>((found, { index, begin, end }) => {
        if (found === null) return { kind: "blocked", index };
        const other = run.blocked[found.index]!;
        return end - begin > other.end - other.begin ? { kind: "blocked", index } : found;
      }, null);
    return element(
      "li",
      { class: "card blocked" },
      element(
        "h3",
        {},
        `${inUnits(line.seconds)} at `,
        line.blame === null ? "an unknown line" : inWords(line.blame, program.cwd),
      ),
      element("p", {}, aboutLine(line, run.steps.count > 0)),
      ...sourceLines(line, program.cwd),
      ...showButton(longest, jump, "Show the longest on the timeline"),
    );
  });
  return [
    element(
      "section",
      { "aria-labelledby": "blocked-title" },
      element("h2", { id: "blocked-title" }, "What blocked the thread"),
      element("ul", { class: "cards" }, ...cards),
    ),
  ];
}

/** @param ofLoop - the run had steps: only then it is known who was ready. */
function aboutLine({ called, kind, times, longest, tasks, ready }: BlockedLine, ofLoop: boolean): string {
  const often = times === 1 ? "once" : `${inTimes(times)}, ${inUnits(longest)} at most`;
  const how = kind === "cpu" ? "the thread computed" : "the thread only slept";
  const whose = tasks.length === 0 ? "" : `, as ${tasks.length === 1 ? "the task" : "the tasks"} ${listed(tasks, 4)}`;
  const waited =
    ready.most === 0
      ? "Nobody was ready meanwhile."
      : `${ready.most === 1 ? "1 step was" : `Up to ${counted(ready.most, "step")} were`} ready meanwhile, and waited ${inUnits(ready.seconds)} in all.`;
  return `Blocked ${often}: ${how}${called === null ? "" : ` in ${called}`}${whose}.${ofLoop ? ` ${waited}` : ""}`;
}

/** The lines around the one to blame, which is marked by more than a colour. */
function sourceLines({ source, blame }: BlockedLine, cwd: string): Node[] {
  if (source === null || blame === null) return [];
  const lines = source.lines.map((text, index) => {
    const number = source.first + index;
    const isBlamed = number === blame.line;
    return element(
      "span",
      { class: isBlamed ? "line blamed" : "line" },
      element("span", { class: "number" }, `${isBlamed ? "▶ " : ""}${number}`),
      isBlamed ? element("mark", {}, text || " ") : text || " ",
      "\n",
    );
  });
  return [
    element(
      "figure",
      {},
      element("figcaption", {}, whereabouts(blame, cwd)),
      element(
        "pre",
        { tabindex: 0, "aria-label": `Source, line ${blame.line} is to blame` },
        element("code", {}, ...lines),
      ),
    ),
  ];
}

function showButton(target: Selection | null, jump: Jump, label: string): Node[] {
  if (target === null) return [];
  const button = element(
    "button",
    { type: "button", "aria-label": label, click: () => jump(target) },
    "Show on the timeline",
  );
  return [element("p", { class: "buttons" }, button)];
}

/** The moment that something is about: the first stretch of its line, or its first task. */
function momentOf(run: Run, at: Frame | null, tasks: readonly number[]): Selection | null {
  const stretch = at === null ? undefined : run.blocked.find(({ blame }) => isSame(blame, at));
  if (stretch !== undefined) return { kind: "blocked", index: stretch.index };
  const task = run.tasks.findIndex(({ id }) => tasks.includes(id));
  return task < 0 ? null : { kind: "task", index: task };
}

function isSame(one: Frame | null, other: Frame | null): boolean {
  if (one === null || other === null) return one === other;
  return one.file === other.file && one.line === other.line && one.column === other.column;
}
