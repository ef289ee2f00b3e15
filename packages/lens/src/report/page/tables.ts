/** The run as tables: what the timelines show, for those who read rather than look. */
import { counted, whereabouts } from "../../analysis/figures.ts";
import { inUnits } from "../units.ts";
import { element } from "./dom.ts";
import type { Explorer } from "./explorer.ts";
import type { Jump } from "./findings.ts";
import type { Run } from "./run.ts";
import { moment } from "./scale.ts";

/** Rows that are made at once: tables of 10,000 rows take long to lay out. */
const PAGE = 200;

export function tasksSection(explorer: Explorer, jump: Jump): HTMLElement {
  const { run } = explorer;
  const { cwd } = run.data.program;
  let sums: TaskTimes | null = null;
  const row = (index: number): HTMLElement => {
    sums ??= taskTimes(run);
    const task = run.tasks[index]!;
    const { steps, ran, ready, blocked } = sums;
    const life = (task.done ?? run.data.duration) - task.made;
    const name = element(
      "button",
      { type: "button", class: "link", click: () => jump({ kind: "task", index }) },
      task.name,
    );
    const ended =
      task.done === null ? `pending${task.waitsFor === "" ? "" : `: waits for ${task.waitsFor}`}` : task.outcome;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, name, ` ${task.coro === task.name ? "" : task.coro}`),
      ...[
        (steps[index] ?? 0).toLocaleString("en-GB"),
        inUnits(ran[index]!),
        inUnits(ready[index]!),
        inUnits(Math.max(0, life - ran[index]! - ready[index]!)),
        blocked[index]! > 0 ? inUnits(blocked[index]!) : "–",
      ].map((text) => element("td", { class: "figure" }, text)),
      element("td", {}, ended, task.error === "" ? "" : ` ${task.error}`),
      element("td", {}, task.madeAt === null ? "" : whereabouts(task.madeAt, cwd)),
    );
  };
  const heads = [
    "Task",
    "Steps",
    "Ran",
    "Ready, waited for its turn",
    "Waited",
    "Blocked the thread",
    "Ended",
    "Made at",
  ];
  return tableSection("Tasks", counted(run.tasks.length, "task"), heads, run.tasks.length, row);
}

export function pathSection(explorer: Explorer, jump: Jump): HTMLElement[] {
  const { run } = explorer;
  if (run.path.length === 0 || run.steps.count === 0) return [];
  const kinds = { run: "ran", blocked: "blocked", wait: "waited", queued: "ready, waited for its turn" };
  const row = (index: number): HTMLElement => {
    const segment = run.path[index]!;
    const name = run.tasks[segment.task]?.name ?? "loop";
    const isStep = segment.step >= 0 && segment.step < run.steps.count;
    const who = isStep
      ? element(
          "button",
          { type: "button", class: "link", click: () => jump({ kind: "step", index: segment.step }) },
          name,
        )
      : name;
    return element(
      "tr",
      {},
      element("th", { scope: "row", class: "figure" }, moment(segment.begin, 0.0001)),
      element("td", { class: "figure" }, inUnits(segment.end - segment.begin)),
      element("td", {}, who),
      element("td", {}, `${kinds[segment.kind]}${segment.on === "" ? "" : `: ${segment.on}`}`),
    );
  };
  const about = `${inUnits(run.data.criticalSeconds)}: the run can't be shorter than this chain of steps and waits`;
  return [tableSection("Critical path", about, ["From", "For", "Task", "What"], run.path.length, row)];
}

/** A table in a fold; its rows are made when it is first opened, and more on demand. */
function tableSection(
  title: string,
  about: string,
  heads: readonly string[],
  rows: number,
  row: (index: number) => HTMLElement,
): HTMLElement {
  const body = element("tbody");
  const rest = element("button", { type: "button", click: () => more() }, "");
  const more = (): void => {
    const from = body.rows.length;
    for (let index = from; index < Math.min(rows, from + PAGE); index++) body.append(row(index));
    rest.hidden = body.rows.length >= rows;
    rest.textContent = `Show ${Math.min(PAGE, rows - body.rows.length)} more of ${rows.toLocaleString("en-GB")}`;
  };
  const head = element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text))));
  const fold = element(
    "details",
    {
      class: "fold",
      toggle: () => {
        if (body.rows.length === 0) more();
      },
    },
    element("summary", {}, element("h2", {}, title), element("span", { class: "quiet" }, about)),
    element(
      "div",
      { class: "table", role: "region", tabindex: 0, "aria-label": title },
      element("table", {}, head, body),
    ),
    element("p", { class: "buttons" }, rest),
  );
  return element("section", {}, fold);
}

/** For each task, sums over its steps. */
interface TaskTimes {
  readonly steps: Uint32Array;
  readonly ran: Float64Array;
  readonly ready: Float64Array;
  readonly blocked: Float64Array;
}

function taskTimes({ tasks, steps, blocked }: Run): TaskTimes {
  const times: TaskTimes = {
    steps: new Uint32Array(tasks.length),
    ran: new Float64Array(tasks.length),
    ready: new Float64Array(tasks.length),
    blocked: new Float64Array(tasks.length),
  };
  for (let step = 0; step < steps.count; step++) {
    const task = steps.task[step]!;
    if (task < 0) continue;
    times.steps[task]!++;
    times.ran[task]! += steps.end[step]! - steps.begin[step]!;
    times.ready[task]! += steps.begin[step]! - steps.ready[step]!;
  }
  for (const { task, begin, end } of blocked) if (task >= 0) times.blocked[task]! += end - begin;
  return times;
}
