import { describe, expect, test } from "vitest";
import { blockingRun, cooperativeRun } from "../../../lens/src/report/testing/notes-traces.ts";
import { step, traceOf } from "../../../lens/src/report/testing/trace-builder.ts";
import type { Trace } from "../../../lens/src/trace.ts";
import { Playhead } from "./playhead.ts";
import { recorded } from "./recorded.ts";
import { Slot } from "./slot.ts";

/** A playhead over these runs, of which the first is selected. */
function over(...traces: readonly Trace[]): { playhead: Playhead; slots: Slot[]; changes: string[] } {
  const slots = traces.map((trace, index) => {
    const slot = new Slot(index, { name: "x.ts", file: null, language: "typescript", source: "" });
    slot.recorded = recorded(trace);
    return slot;
  });
  const changes: string[] = [];
  const playhead = new Playhead({ slots, selected: slots[0] ?? null }, (what) => changes.push(what));
  playhead.renew();
  return { playhead, slots, changes };
}

describe("the playhead", () => {
  test("goes over the longest of the runs", () => {
    const { playhead } = over(cooperativeRun().trace, blockingRun().trace);
    expect(playhead.duration).toBe(5.02);
    playhead.goTo(99);
    expect(playhead.cursor.time).toBe(5.02);
    expect(playhead.axis.view.extent).toBeGreaterThanOrEqual(5.02);
  });

  test("goes from step to step, and back the same way", () => {
    const { playhead } = over(cooperativeRun().trace);
    const there: number[] = [];
    while (playhead.step(1)) there.push(playhead.cursor.step);
    expect(there).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const back: number[] = [];
    while (playhead.step(-1)) back.push(playhead.cursor.step);
    expect(back).toEqual(there.toReversed().slice(1));
  });

  test("in the midst of a step goes back to its beginning first", () => {
    const { playhead } = over(blockingRun().trace);
    playhead.goTo(3);
    playhead.step(-1);
    expect(playhead.cursor).toEqual({ time: 2.004, step: 2 });
  });

  test("tells steps of one time apart in the selected program only", () => {
    const steps = [0, 1, 2].map(() => step(null, 1, 1, { then: "done" }));
    const { playhead, slots } = over(traceOf({ duration: 2, steps }), traceOf({ duration: 2, steps }));
    playhead.goToStep(1);
    expect(playhead.momentOf(slots[0]!)?.step).toBe(1);
    expect(playhead.momentOf(slots[1]!)?.step).toBe(2);
  });

  test("keeps the window of time where it was when a run comes", () => {
    const { playhead } = over(blockingRun().trace);
    playhead.axis.view.show(1, 2);
    playhead.renew();
    expect(playhead.axis.view.window).toEqual({ from: 1, to: 2 });
  });

  test("says what has changed", () => {
    const { playhead, changes } = over(blockingRun().trace);
    playhead.axis.view.zoom(2);
    playhead.goTo(playhead.axis.view.window.from);
    expect(changes).toEqual(["window", "cursor"]);
  });
});
