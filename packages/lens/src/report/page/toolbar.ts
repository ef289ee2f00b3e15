/** The buttons over the timelines, what the bars mean, and what the what-if leaves out. */
import { element, prose } from "./dom.ts";
import type { Explorer } from "./explorer.ts";
import { KEYS } from "./keys.ts";
import type { Run } from "./run.ts";

export function toolbar(explorer: Explorer): HTMLElement {
  const { view, run } = explorer;
  const button = (text: string, label: string, act: () => void): HTMLButtonElement =>
    element("button", { type: "button", "aria-label": label, title: label, click: act }, text);
  const blocked =
    run.blocked.length === 0
      ? []
      : [
          element(
            "span",
            { class: "group" },
            button("‹ Blocked", "Previous blocked stretch", () => explorer.blocked(-1)),
            button("Blocked ›", "Next blocked stretch", () => explorer.blocked(1)),
          ),
        ];
  return element(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Move along the timeline" },
    element(
      "span",
      { class: "group" },
      button("−", "Zoom out", () => view.zoom(1 / 1.6)),
      button("+", "Zoom in", () => view.zoom(1.6)),
      button("Whole run", "Show the whole run", () => view.show(0, view.extent)),
    ),
    element(
      "span",
      { class: "group" },
      button("←", "Earlier", () => view.pan(-view.span / 4)),
      button("→", "Later", () => view.pan(view.span / 4)),
    ),
    ...blocked,
    ...(run.tasks.length > 12 ? [taskFinder(explorer)] : []),
  );
}

/** Goes to the next task whose name contains what is written. */
function taskFinder(explorer: Explorer): HTMLElement {
  const { tasks } = explorer.run;
  const input = element("input", { type: "search", placeholder: "Find a task", "aria-label": "Find a task by name" });
  const find = (after: number): void => {
    const wanted = input.value.trim().toLowerCase();
    if (wanted === "") return;
    for (let offset = 0; offset < tasks.length; offset++) {
      const index = (after + offset) % tasks.length;
      const { name, coro } = tasks[index]!;
      if (!`${name} ${coro}`.toLowerCase().includes(wanted)) continue;
      explorer.goTo({ kind: "task", index });
      return;
    }
  };
  input.addEventListener("input", () => find(0));
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") find(explorer.lane);
  });
  return input;
}

export function legend({ blocked, path }: Run): HTMLElement {
  const item = (kind: string, text: string): HTMLElement =>
    element("li", {}, element("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text);
  return element(
    "ul",
    { class: "legend", "aria-label": "What the bars mean" },
    item("run", "runs"),
    item("ready", "ready, waits for its turn"),
    item("wait", "waits"),
    ...(blocked.length > 0 ? [item("blocked", "blocks the thread"), item("away", "away: beside the thread")] : []),
    ...(path.length > 0 ? [item("path", "critical path")] : []),
  );
}

export function whatIfNotes({ data, steps, blocked }: Run): HTMLElement[] {
  const { notes } = data.prediction;
  if (notes.length === 0 || steps.count === 0 || blocked.length === 0) return [];
  return [
    element(
      "details",
      { class: "aside" },
      element("summary", {}, "What the what-if leaves out"),
      element("ul", {}, ...notes.map((note) => element("li", {}, ...prose(note)))),
    ),
  ];
}

export function keysHelp(): HTMLElement {
  const rows = KEYS.map(([keys, what]) =>
    element(
      "div",
      {},
      element("dt", {}, ...keys.split("  ").flatMap((key) => [element("kbd", {}, key), " "])),
      element("dd", {}, what),
    ),
  );
  return element(
    "details",
    { class: "aside keys" },
    element("summary", {}, "Keys and gestures"),
    element("dl", {}, ...rows),
    element(
      "p",
      { class: "quiet" },
      "The wheel zooms; held with Shift it pans, over the names it scrolls the lanes. Drag to move, pinch to zoom.",
    ),
  );
}
