import { describe, expect, test } from "vitest";
import { splitAmongLines, type Piece } from "./split.ts";
import type { RawFrame } from "./stack.ts";

function frame(fn: string, line: number): RawFrame {
  return { name: fn, fn, file: "/app.ts", line, column: 1, fnLine: fn.length, fnColumn: 1, awaiting: false };
}

/** Pieces that follow each other from 0 on: [milliseconds, path outermost first, what is called]. */
function pieces(...given: [number, RawFrame[], string?][]): Piece[] {
  let at = 0;
  return given.map(([ms, path, called = null]) => {
    const begin = at;
    at += ms / 1000;
    return { begin, end: at, path, called, stack: path.toReversed(), whose: null };
  });
}

/** Tiles as [milliseconds, function, line, what is called]. */
function split(given: Piece[]): unknown[] {
  return splitAmongLines(given, 0.05, ({ line }) => line).map(({ begin, end, blame, called }) => [
    Math.round((end - begin) * 1000),
    blame?.fn ?? null,
    blame?.line ?? null,
    called,
  ]);
}

const main = frame("main", 10);

describe("splitting a stretch among lines", () => {
  test("one line gets it all, with what it called", () => {
    expect(split(pieces([100, [main], "execSync"], [100, [main], "execSync"]))).toEqual([
      [200, "main", 10, "execSync"],
    ]);
  });

  test("two lines that follow each other get a part each", () => {
    expect(split(pieces([100, [frame("main", 3)]], [150, [frame("main", 4)], "JSON.parse"]))).toEqual([
      [100, "main", 3, null],
      [150, "main", 4, "JSON.parse"],
    ]);
  });

  test("a minor share goes to the longer neighbour", () => {
    expect(split(pieces([100, [frame("main", 3)]], [20, [frame("main", 4)]], [150, [frame("main", 5)]]))).toEqual([
      [100, "main", 3, null],
      [170, "main", 5, null],
    ]);
  });

  test("a short look elsewhere doesn't cut a line in two", () => {
    const a = [frame("main", 3)];
    const b = [frame("main", 4)];
    const looks = pieces([10, a], [10, a], [2, b], [30, a], [30, a], [2, [frame("other", 1)]], [30, a], [70, b]);
    expect(split(looks)).toEqual([
      [114, "main", 3, null],
      [70, "main", 4, null],
    ]);
  });

  test("many functions that a loop calls in turn: the loop's line is to blame", () => {
    const turns = Array.from({ length: 40 }, (_, i): [number, RawFrame[]] => [
      5,
      [main, frame(`part${"x".repeat(i % 5)}`, 1)],
    ]);
    expect(split(pieces(...turns))).toEqual([[200, "main", 10, null]]);
  });

  test("the function that has most of it is blamed, not its caller", () => {
    const turns = Array.from({ length: 40 }, (_, i): [number, RawFrame[]] => [
      5,
      [main, frame(i % 4 ? "slow" : "quick", 1)],
    ]);
    expect(split(pieces(...turns))).toEqual([[200, "slow", 1, null]]);
  });

  test("a function that calls itself counts once", () => {
    const deep = (depth: number): RawFrame[] => [main, ...Array.from({ length: depth }, () => frame("fib", 2))];
    expect(split(pieces([40, deep(3)], [40, deep(9)], [40, deep(5)]))).toEqual([[120, "fib", 2, null]]);
  });

  test("what is called is told only if most of the line's time was in it", () => {
    const some = Array.from({ length: 10 }, (_, i): [number, RawFrame[], string?] =>
      i < 3 ? [20, [main], "join"] : [20, [main]],
    );
    expect(split(pieces(...some))).toEqual([[200, "main", 10, null]]);
  });

  test("what is mostly Node's own doing is nobody's", () => {
    expect(split(pieces([150, []], [10, [main]], [10, []]))).toEqual([[170, null, null, null]]);
  });

  test("tiles follow each other without gaps", () => {
    const tiles = splitAmongLines(
      pieces([70, [main]], [30, []], [80, [frame("other", 1)]], [60, [main]]),
      0.05,
      ({ line }) => line,
    );
    expect(tiles[0]!.begin).toBe(0);
    expect(tiles.at(-1)!.end).toBeCloseTo(0.24);
    for (const [i, tile] of tiles.entries()) if (i > 0) expect(tile.begin).toBe(tiles[i - 1]!.end);
  });

  test("it belongs to whom most of it belonged", () => {
    const [first, second, third] = pieces([10, [main]], [60, [main]], [50, [main]]);
    const tiles = splitAmongLines(
      [{ ...first!, whose: 1 }, { ...second!, whose: 2 }, third!],
      0.05,
      ({ line }) => line,
    );
    expect(tiles.map(({ whose }) => whose)).toEqual([2]);
  });
});
