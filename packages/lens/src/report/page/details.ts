/** What is selected, in words. A live region says it to those who can't see it. */
import { counted, inWords } from "../../analysis/figures.ts";
import { inUnits } from "../units.ts";
import { definitions, element } from "./dom.ts";
import type { Explorer, Selection } from "./explorer.ts";
import type { Run, RunBlocked } from "./run.ts";
import { moment } from "./scale.ts";
import { blockedText, nameOf, waitsForAfter } from "./words.ts";

type Pair = readonly [string, Node | string];

export function detailsPanel(explorer: Explorer): { element: HTMLElement; update: () => void } {
  const body = element("div", { class: "details-body", "aria-live": "polite" });
  const button = (text: string, label: string, act: () => void): HTMLButtonElement =>
    element("button", { type: "button", "aria-label": label, title: label, click: act }, text);
  const previous = button("‹ Step", "Previous step of the lane", () => explorer.step(-1));
  const next = button("Step ›", "Next step of the lane", () => explorer.step(1));
  const zoom = button("Zoom to it", "Zoom to what is selected", () => explorer.zoomToSelection());
  const update = (): void => {
    const { selection } = explorer;
    zoom.disabled = selection === null;
    body.replaceChildren(...(selection === null ? nothingSelected() : describe(explorer, selection)));
  };
  update();
  return {
    element: element(
      "section",
      { class: "details", "aria-labelledby": "details-title" },
      element("h2", { id: "details-title" }, "Selected"),
      body,
      element("p", { class: "buttons" }, previous, next, zoom),
    ),
    update,
  };
}

function nothingSelected(): Node[] {
  return [
    element(
      "p",
      { class: "quiet" },
      "Click a bar, or focus the timeline and press N for the next step, B for the next blocked stretch.",
    ),
  ];
}

function describe(explorer: Explorer, selection: Selection): Node[] {
  switch (selection.kind) {
    case "step":
      return describeStep(explorer, selection.index);
    case "blocked":
      return describeBlocked(explorer, explorer.run.blocked[selection.index]!);
    case "task":
      return describeTask(explorer, selection.index);
  }
}

function describeStep(explorer: Explorer, step: number): Node[] {
  const { run } = explorer;
  const { steps } = run;
  const [begin, end, ready] = [steps.begin[step]!, steps.end[step]!, steps.ready[step]!];
  const owner = steps.task[step]!;
  const pairs: Pair[] = [
    ...ownerOf(explorer, owner),
    ["ran", `${inUnits(end - begin)}, from ${at(begin, end - begin)} to ${at(end, end - begin)}`],
    [
      "ready",
      begin > ready
        ? `since ${at(ready, begin - ready)}: waited ${inUnits(begin - ready)} for its turn`
        : "ran at once",
    ],
    ["because", cause(explorer, step)],
  ];
  if (steps.then(step) !== "done") pairs.push(["then", `waits for ${waitsForAfter(run, step)}`]);
  else pairs.push(["then", owner < 0 ? "done" : "the task is done"]);
  for (const stretch of run.blocked) {
    if (stretch.step === step)
      pairs.push(["blocked", stepLink(explorer, blockedText(stretch), { kind: "blocked", index: stretch.index })]);
  }
  return [
    element("h3", {}, `${nameOf(run, step)}, step ${(step + 1).toLocaleString("en-GB")} of the run`),
    definitions(pairs),
  ];
}

function cause(explorer: Explorer, step: number): Node | string {
  const { steps } = explorer.run;
  const by = steps.by[step]!;
  const who = by < 0 ? "a step that is not known" : null;
  const link = (): Node | string => who ?? stepLink(explorer, nameOf(explorer.run, by), { kind: "step", index: by });
  switch (steps.cause(step)) {
    case "made":
      return element("span", {}, "made by ", link());
    case "woken":
      return element("span", {}, "woken by ", link());
    case "turn":
      return "it had given the others a turn";
    case "timer": {
      const { delay, late } = steps.timer(step);
      const lateness = late > 0.0005 ? `, seen ${inUnits(late)} late` : "";
      const text = `a timer of ${inUnits(delay)} fired${lateness}`;
      return by < 0 ? text : element("span", {}, `${text}; set by `, link());
    }
    case "outside":
      return "something outside the loop";
  }
}

function describeBlocked(explorer: Explorer, stretch: RunBlocked): Node[] {
  const { run } = explorer;
  const { cwd } = run.data.program;
  const pairs: Pair[] = [
    ...ownerOf(explorer, stretch.task),
    ["for", `${inUnits(stretch.end - stretch.begin)}, from ${at(stretch.begin)} to ${at(stretch.end)}`],
    ["by", element("strong", {}, stretch.blame === null ? "it is not known which line" : inWords(stretch.blame, cwd))],
    ["thread", stretch.kind === "cpu" ? "computed" : "only slept"],
    ["ready", waitedMeanwhile(run, stretch)],
  ];
  if (stretch.called !== "") pairs.push(["called", element("code", {}, stretch.called)]);
  if (stretch.step >= 0)
    pairs.push(["in", stepLink(explorer, nameOf(run, stretch.step), { kind: "step", index: stretch.step })]);
  const stack = stretch.stack.map((frame) => element("li", {}, inWords(frame, cwd)));
  const trail =
    stack.length === 0
      ? []
      : [element("details", {}, element("summary", {}, "Stack"), element("ol", { class: "stack" }, ...stack))];
  return [element("h3", {}, blockedText(stretch)), definitions(pairs), ...trail];
}

/** Who was ready while a stretch lasted. */
function waitedMeanwhile({ steps }: Run, stretch: RunBlocked): string {
  let [waited, seconds] = [0, 0];
  for (let step = Math.max(0, stretch.step); step < steps.count; step++) {
    const overlap = Math.min(steps.begin[step]!, stretch.end) - Math.max(steps.ready[step]!, stretch.begin);
    if (overlap <= 0) continue;
    waited++;
    seconds += overlap;
  }
  if (waited === 0) return "nobody waited for it";
  return `${counted(waited, "step was", "steps were")} ready and waited ${inUnits(seconds)}${waited > 1 ? " in all" : ""}`;
}

function describeTask(explorer: Explorer, index: number): Node[] {
  const { run } = explorer;
  const task = run.tasks[index]!;
  const pairs: Pair[] = [["made", at(task.made)]];
  if (task.parent >= 0) {
    const parent = run.tasks[task.parent]!.name;
    pairs.push(["by", stepLink(explorer, parent, { kind: "task", index: task.parent })]);
  }
  if (task.madeAt !== null) pairs.push(["where", inWords(task.madeAt, run.data.program.cwd)]);
  pairs.push(["ended", task.done === null ? "pending at the end" : `${at(task.done)}, ${task.outcome}`]);
  if (task.error !== "") pairs.push(["error", task.error]);
  if (task.waitsFor !== "") pairs.push(["waits for", task.waitsFor]);
  return [element("h3", {}, task.coro === task.name ? task.name : `${task.name} ${task.coro}`), definitions(pairs)];
}

/** The task whose step or stretch it is. */
function ownerOf(explorer: Explorer, index: number): Pair[] {
  const task = explorer.run.tasks[index];
  if (task === undefined) return [];
  const link = stepLink(explorer, task.name, { kind: "task", index });
  return [["task", element("span", {}, link, task.coro === task.name ? "" : ` ${task.coro}`)]];
}

function stepLink(explorer: Explorer, text: string, selection: Selection): Node {
  return element("button", { type: "button", class: "link", click: () => explorer.goTo(selection) }, text);
}

/** A moment, so exactly that it differs from one `length` later. */
function at(time: number, length = 1): string {
  return moment(time, Math.min(0.0001, length > 0 ? length / 10 : 0.0001));
}
