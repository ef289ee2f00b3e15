import { expect, test } from "vitest";
// Traces by hand, which only tests use: the package does not export them.
import { stretch, traceOf } from "../../../../lens/src/report/testing/trace-builder.ts";
import { withText } from "./edited-trace.ts";

const FILE = "/home/me/a.ts";
const blame = { function: "", file: FILE, line: 2, column: 1 };
const onDisk = { first: 1, lines: ["old"] };

test("the lines around what blocked, and the source, are those that ran; of other files they stay", () => {
  const other = { ...blame, file: "/home/me/b.ts" };
  const trace = traceOf({
    duration: 1,
    blocked: [
      stretch(0, 0.4, { blame, source: onDisk }),
      stretch(0.4, 0.8, { blame: { ...blame, line: 7 } }),
      stretch(0.8, 1, { blame: other, source: onDisk }),
    ],
    sources: [
      { file: FILE, text: "old" },
      { file: other.file, text: "other" },
    ],
  });
  const text = "1\n2\n3\r\n4\n5\n6\n7\n8";
  const edited = withText(trace, FILE, text);
  expect(edited.blocked.map(({ source }) => source)).toEqual([
    { first: 1, lines: ["1", "2", "3", "4", "5"] },
    { first: 4, lines: ["4", "5", "6", "7", "8"] },
    onDisk,
  ]);
  expect(edited.sources).toEqual([
    { file: FILE, text },
    { file: other.file, text: "other" },
  ]);
});
