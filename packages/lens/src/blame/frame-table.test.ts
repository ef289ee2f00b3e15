import { expect, test } from "vitest";
import { FrameTable } from "./frame-table.ts";
import type { RawFrame } from "./stack.ts";

const frame = (line: number): RawFrame => ({
  name: "f",
  fn: "f",
  file: "/a.js",
  line,
  column: 1,
  fnLine: 1,
  fnColumn: 1,
  awaiting: false,
});

test("equal stacks are one object, and share frames with others", () => {
  const table = new FrameTable();
  const first = table.share([frame(1), frame(2)]);
  expect(first).toEqual([frame(1), frame(2)]);
  expect(table.share([frame(1), frame(2)])).toBe(first);
  expect(table.share([frame(3), frame(2)])[1]).toBe(first[1]);
});

test("it forgets before it grows without end", () => {
  const table = new FrameTable();
  const first = table.share([frame(0)]);
  for (let line = 1; line < 20_000; line++) table.share([frame(line)]);
  expect(table.share([frame(0)])).not.toBe(first);
});
