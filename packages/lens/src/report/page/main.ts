/** The page of a report: reads what it carries, and puts the parts together. */
import type { ReportData } from "../report-data.ts";
import { keepAddress, openAddress } from "./address.ts";
import { detailsPanel } from "./details.ts";
import { element } from "./dom.ts";
import { Explorer } from "./explorer.ts";
import { blockedSection, hintsSection, warningsSection, type Jump } from "./findings.ts";
import { header } from "./header.ts";
import { readRun } from "./run.ts";
import { pathSection, tasksSection } from "./tables.ts";
import { Timeline } from "./timeline.ts";
import { keysHelp, legend, toolbar, whatIfNotes } from "./toolbar.ts";

const run = readRun(JSON.parse(document.getElementById("report-data")!.textContent) as ReportData);

const explorer = new Explorer(run, (what) => {
  if (what === "selection") {
    details.update();
    timeline.revealLane();
  }
  timeline.redraw();
  keepAddress(explorer);
});
const timeline = new Timeline(explorer);
const details = detailsPanel(explorer);

const jump: Jump = (selection) => {
  explorer.lookAt(selection);
  timeline.focus();
  timeline.element.scrollIntoView({ block: "nearest" });
};

document.body.append(
  header(run),
  element(
    "main",
    {},
    element(
      "section",
      { class: "top", "aria-label": "Timeline" },
      element(
        "div",
        { class: "chart" },
        toolbar(explorer),
        timeline.element,
        legend(run),
        ...whatIfNotes(run),
        keysHelp(),
      ),
      details.element,
    ),
    element(
      "div",
      { class: "columns" },
      element("div", {}, ...blockedSection(explorer, jump)),
      element("div", {}, warningsSection(explorer, jump), ...hintsSection(explorer, jump)),
    ),
    ...pathSection(explorer, jump),
    tasksSection(explorer, jump),
  ),
);
openAddress(explorer);
