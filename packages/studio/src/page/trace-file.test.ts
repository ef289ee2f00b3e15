import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writePerfetto } from "../../../lens/src/perfetto/perfetto-trace.ts";
import { blockingRun } from "../../../lens/src/report/testing/notes-traces.ts";
import { timedTrace } from "../testing/timed-trace.ts";
import { recorded } from "./recorded.ts";
import { programOf, readTraceFile, TraceFileError } from "./trace-file.ts";

const { trace } = blockingRun();
const changed = (fields: object): string => JSON.stringify({ ...trace, ...fields });

describe("a file with a trace", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = timedTrace(seed, { tasks: 3, steps: 20, blocked: 0.1 });
        expect(readTraceFile("a.json", JSON.stringify(random))).toEqual(random);
      }),
      { numRuns: 20 },
    );
  });

  test("from before there were sources and lines is read too", () => {
    const { sources: _, ...older } = trace;
    const steps = trace.steps.map(({ at: _at, ...step }) => step);
    const read = readTraceFile("old.json", JSON.stringify({ ...older, steps }));
    expect(read.sources).toEqual([]);
    expect(recorded(read).moments.at(1).line?.line).toBe(6);
  });
});

describe("the program of a trace", () => {
  const sources = [
    { file: "/home/ada/data.ts", text: "// Another" },
    { file: "/home/ada/a.ts", text: "// The program" },
  ];

  test("has the source that the trace has of it", () => {
    const ran = { ...trace, sources, program: { ...trace.program, file: "a.ts" } };
    expect(programOf(ran, "x.json")).toEqual({
      name: "a.ts",
      file: "/home/ada/a.ts",
      language: "typescript",
      source: "// The program",
    });
  });

  test("is called as the file is, if nothing is known of it", () => {
    const ran = { ...trace, sources: [], program: { ...trace.program, file: null } };
    expect(programOf(ran, "x.json")).toEqual({ name: "x.json", file: null, language: "typescript", source: "" });
  });
});

test("a trace for Perfetto that Turnwise wrote has it too", () => {
  const pieces: string[] = [];
  writePerfetto(trace, (piece) => pieces.push(piece));
  expect(readTraceFile("trace.json", pieces.join(""))).toEqual(JSON.parse(JSON.stringify(trace)));
});

describe("a file that is none", () => {
  test.each([
    ["Dear diary", "it is not JSON"],
    ["[1, 2]", "not a trace"],
    ["null", "not a trace"],
    ['{"traceEvents": []}', "for Perfetto"],
    ['{"traceEvents": [], "turnwise": 5}', "for Perfetto"],
    ['{"format": "turnwise-summary"}', "a summary"],
    ['{"format": "other"}', "not a trace of Turnwise’s"],
    [changed({ version: 2 }), "version 2"],
    [changed({ duration: "long" }), "does not say how long"],
    [changed({ program: {} }), "does not say what was run"],
    [changed({ steps: undefined }), "it has no steps"],
    [changed({ steps: [{ ...trace.steps[0], begin: "soon" }] }), "step 1 has no sound “begin”"],
    [changed({ steps: [null] }), "step 1 has no sound “all”"],
    [changed({ steps: trace.steps.toReversed() }), "is not in the order of time"],
    [changed({ blocked: [{ ...trace.blocked[0], blame: { line: 1 } }] }), "blocked stretch 1 has no sound “blame”"],
  ])("%.40s is refused: %s", (text, why) => {
    expect(() => readTraceFile("x.json", text)).toThrow(TraceFileError);
    expect(() => readTraceFile("x.json", text)).toThrow(why);
    expect(() => readTraceFile("x.json", text)).toThrow("x.json can’t be shown");
  });
});
