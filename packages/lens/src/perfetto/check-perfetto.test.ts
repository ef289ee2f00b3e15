import { expect, test } from "vitest";
import { checkPerfetto } from "./check-perfetto.ts";

const slice = (name: string, ts: number, dur: number, tid = 1) => ({
  ph: "X",
  cat: "step",
  name,
  pid: 1,
  tid,
  ts,
  dur,
});
const edge = (ph: string, name: string, ts: number, id = "1") => ({ ph, cat: "task", name, id, pid: 1, tid: 1, ts });

test("slices that touch or nest are in order", () => {
  expect(checkPerfetto([slice("a", 0, 10), slice("b", 0, 5), slice("c", 5, 5), slice("d", 10, 1)])).toEqual([]);
});

test("slices that overlap are not, unless on different threads", () => {
  expect(checkPerfetto([slice("a", 0, 10), slice("b", 5, 10)])).toEqual(['"b" at 5 ends after "a", in which it began']);
  expect(checkPerfetto([slice("a", 0, 10), slice("b", 5, 10, 2)])).toEqual([]);
});

test("an end without a begin, another name, a begin without an end", () => {
  expect(checkPerfetto([edge("e", "x", 1)])).toEqual(['"x" of task 1 ends at 1 and never began']);
  expect(checkPerfetto([edge("b", "x", 1), edge("e", "y", 2)])).toEqual(['"y" of task 1 ends at 2 while "x" is open']);
  expect(checkPerfetto([edge("b", "x", 1)])).toEqual(['"x" of task 1 never ends']);
});

test("asynchronous slices of different ids may overlap", () => {
  const events = [edge("b", "x", 1), edge("b", "y", 2, "2"), edge("e", "x", 3), edge("e", "y", 4, "2")];
  expect(checkPerfetto(events)).toEqual([]);
});

test("an arrow needs a slice at both ends, and both ends", () => {
  const start = edge("s", "wakes", 5);
  const end = { ...edge("f", "wakes", 12), bp: "e" };
  expect(checkPerfetto([slice("a", 0, 10), slice("b", 11, 5), start, end])).toEqual([]);
  expect(checkPerfetto([slice("b", 11, 5), start, end])).toEqual(["the arrow task wakes 1 at 5 is in no slice"]);
  expect(checkPerfetto([slice("a", 0, 10), start])).toEqual(["the arrow task wakes 1 never ends"]);
  expect(checkPerfetto([slice("a", 0, 20), end])).toEqual(["the arrow task wakes 1 ends before it starts"]);
});

test("times are numbers from zero, and names and ids are there", () => {
  expect(checkPerfetto([slice("a", -1, 1)])).toEqual(['event 0: "a" has the time -1']);
  expect(checkPerfetto([slice("a", 0, NaN)])).toEqual(['event 0: "a" has the duration NaN']);
  expect(checkPerfetto([{ ...slice("a", 0, 1), pid: undefined }])).toEqual(['event 0: "a" has no pid or no tid']);
  expect(checkPerfetto([{ ...edge("b", "x", 1), id: undefined }])).toEqual(['event 0: "x" has no category or no id']);
  expect(checkPerfetto([{ ...slice("a", 0, 1), ph: "Z" }])).toEqual(["event 0: has the phase Z"]);
});
