import { expect, test } from "vitest";
import { blockingRun, cooperativeRun } from "../../../../lens/src/report/testing/notes-traces.ts";
import { withLines } from "../../testing/with-lines.ts";
import { recorded } from "../recorded.ts";
import { Slot } from "../slot.ts";
import { marksOf } from "./marks-of.ts";

const FILE = "/home/ada/notes/examples/blocking.ts";

function slotOf({ trace, summary }: ReturnType<typeof blockingRun>): Slot {
  const slot = new Slot(0, { name: "notes.ts", file: null, language: "typescript", source: "// …" });
  slot.begin(1);
  slot.recorded = recorded(withLines(trace, { file: FILE, text: "// …" }, { main: 21, sleep: 6 }), summary);
  slot.ownFile = FILE;
  return slot;
}

test("the line that blocks is marked, and the lines at which tasks wait", () => {
  const slot = slotOf(blockingRun());
  const { running, waiting } = marksOf(slot, slot.recorded!.moments.at(1));
  expect(running).toEqual({ line: 6, isBlocking: true });
  expect([...waiting]).toEqual([[21, ["Task-1"]]]);
});

test("tasks that wait at the same line are named together", () => {
  const slot = slotOf(cooperativeRun());
  const { running, waiting } = marksOf(slot, slot.recorded!.moments.at(0.5));
  expect(running).toBeNull();
  expect([...waiting]).toEqual([
    [21, ["Task-1"]],
    [6, ["Task-2", "Task-3"]],
  ]);
});

test("in another file nothing of this one is marked", () => {
  const slot = slotOf(blockingRun());
  slot.shownFile = "/somewhere/else.ts";
  const { running, waiting } = marksOf(slot, slot.recorded!.moments.at(1));
  expect([running, waiting.size]).toEqual([null, 0]);
});

test("once the source is edited, nothing is marked: its lines are others", () => {
  const slot = slotOf(blockingRun());
  slot.text += "\n";
  expect(marksOf(slot, slot.recorded!.moments.at(1)).running).toBeNull();
});
