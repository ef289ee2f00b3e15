/** What was run, and what it came to. */
import { counted, inSeconds } from "../../analysis/figures.ts";
import { element } from "./dom.ts";
import type { Run } from "./run.ts";

export function header({ data }: Run): HTMLElement {
  const { program, counts, dropped } = data;
  const facts = [
    ...(counts.steps + counts.callbacks === 0
      ? ["nothing ran on Turnwise's loop"]
      : [
          counted(counts.tasks, "task"),
          counted(counts.steps, "step"),
          ...(counts.callbacks > 0 ? [counted(counts.callbacks, "callback")] : []),
          `at most ${counts.peakReady.toLocaleString("en-GB")} ready at once`,
          `critical path ${inSeconds(data.criticalSeconds)}`,
        ]),
    ...(program.exitCode === null ? [] : [`exit code ${program.exitCode}`]),
  ];
  const machine = [
    new Date(program.startedAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" }),
    `Node ${program.node.replace(/^v/, "")}`,
    `${program.platform}, ${counted(program.cores, "core")}`,
    ...(program.virtual ? ["virtual clock"] : []),
  ];
  return element(
    "header",
    {},
    element("p", { class: "program" }, [program.file ?? "a run", ...program.args].join(" ")),
    element("h1", {}, ...emphasised(data.sentence)),
    element("p", { class: "facts" }, facts.join(" · ")),
    element("p", { class: "facts quiet" }, machine.join(" · ")),
    ...(dropped.steps > 0 || dropped.tasks > 0 ? [droppedNotice(dropped)] : []),
  );
}

/** The figures of the sentence stand out. */
function emphasised(sentence: string): (Node | string)[] {
  return sentence.split(/(\d[\d.,]* m?s\b)/).map((part, index) => (index % 2 === 1 ? element("b", {}, part) : part));
}

function droppedNotice({ steps, tasks, completeFrom }: Run["data"]["dropped"]): HTMLElement {
  const what = [
    ...(steps > 0 ? [counted(steps, "older step")] : []),
    ...(tasks > 0 ? [counted(tasks, "older task")] : []),
  ];
  return element(
    "p",
    { class: "dropped", role: "note" },
    element("strong", {}, "Records were dropped. "),
    `The recorder keeps the newest records: ${what.join(" and ")} are missing. What is shown is complete from ${inSeconds(completeFrom)} on; sums over the whole run are too small.`,
  );
}
