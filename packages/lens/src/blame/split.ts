/** A blocked stretch, split among the lines that blocked: pieces of evidence in, tiles out. */
import { functionKey, type RawFrame } from "./stack.ts";

/** What ran for a short while. */
export interface Piece {
  readonly begin: number;
  readonly end: number;
  /** The frames that may be to blame, outermost first; empty if there are none. */
  readonly path: readonly RawFrame[];
  /** What the innermost of them called, if its own code wasn't what ran. */
  readonly called: string | null;
  /** The whole stack, innermost first. */
  readonly stack: readonly RawFrame[];
  readonly whose: number | null;
}

/** A part of a stretch that one line is to blame for. */
export interface Tile {
  readonly begin: number;
  readonly end: number;
  readonly blame: RawFrame | null;
  readonly called: string | null;
  readonly stack: readonly RawFrame[];
  readonly whose: number | null;
}

/** Consecutive pieces. */
interface Run {
  readonly pieces: Piece[];
  key: string;
}

/**
 * Splits pieces, which follow each other without gaps, among lines. Shares below `minor` seconds go to a neighbour; many
 * small ones in a row are judged together, by the line that they come from.
 */
export function splitAmongLines(pieces: readonly Piece[], minor: number, lineOf: LineOf): Tile[] {
  const keyOf = (frame: RawFrame | undefined): string =>
    frame === undefined ? "" : `${functionKey(frame)}\n${lineOf(frame)}`;
  const runs = mergeEqual(pieces.map((piece) => ({ pieces: [piece], key: keyOf(piece.path.at(-1)) })));
  const groups = groupShort(withoutNoise(runs), minor).map(({ pieces: group }) => ({
    pieces: group,
    key: keyOf(blamed(group, lineOf)?.frame),
  }));
  return giveAway(mergeEqual(groups), minor).map((run) => {
    const ofLine = run.pieces.filter(({ path }) => path.some((frame) => keyOf(frame) === run.key));
    return tile(run.pieces, blamed(ofLine.length > 0 ? ofLine : run.pieces, lineOf));
  });
}

/** Which line a place is on, as the user wrote it: a bundle may be all on one. */
export type LineOf = (frame: RawFrame) => string | number;

function duration(run: Run): number {
  return run.pieces.at(-1)!.end - run.pieces[0]!.begin;
}

/** Joins neighbours of the same line. */
function mergeEqual(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last !== undefined && last.key === run.key) last.pieces.push(...run.pieces);
    else merged.push({ pieces: [...run.pieces], key: run.key });
  }
  return merged;
}

/** A short look elsewhere in the midst of a long run of one line is part of it. */
function withoutNoise(runs: readonly Run[]): Run[] {
  let current = [...runs];
  for (;;) {
    const noisy = current.findIndex((run, i) => {
      const before = current[i - 1];
      const after = current[i + 1];
      if (before === undefined || after === undefined || before.key !== after.key || before.key === "") return false;
      return duration(run) <= (duration(before) + duration(after)) / 4;
    });
    if (noisy < 0) return current;
    const key = current[noisy - 1]!.key;
    current = mergeEqual(current.map((run, i) => (i === noisy ? { ...run, key } : run)));
  }
}

/** Short runs that follow each other, as one. */
function groupShort(runs: readonly Run[], minor: number): Run[] {
  const groups: Run[] = [];
  let short: Run | null = null;
  for (const run of runs) {
    if (duration(run) >= minor) {
      short = null;
      groups.push(run);
    } else if (short === null) {
      short = { pieces: [...run.pieces], key: run.key };
      groups.push(short);
    } else {
      short.pieces.push(...run.pieces);
    }
  }
  return groups;
}

/** Minor groups go to the longer of their neighbours. */
function giveAway(groups: readonly Run[], minor: number): Run[] {
  let current = [...groups];
  for (;;) {
    if (current.length < 2) return current;
    const weak = current.findIndex((run) => duration(run) < minor || (run.key === "" && duration(run) < minor * 2));
    if (weak < 0) return current;
    const before = current[weak - 1];
    const after = current[weak + 1];
    const heirs = [before, after].filter((run) => run !== undefined).sort((a, b) => duration(b) - duration(a));
    const heir = heirs.find(({ key }) => key !== "") ?? heirs[0]!;
    current = mergeEqual(current.map((run, i) => (i === weak ? { ...run, key: heir.key } : run)));
  }
}

function tile(pieces: readonly Piece[], found: Found | null): Tile {
  const stacks = heaviest(found?.pieces ?? pieces, ({ stack }) =>
    stack.map(({ line, column }) => `${line}:${column}`).join(),
  );
  const owned = heaviest(
    pieces.filter(({ whose }) => whose !== null),
    ({ whose }) => String(whose),
  );
  return {
    begin: pieces[0]!.begin,
    end: pieces.at(-1)!.end,
    blame: found?.frame ?? null,
    called: found?.called ?? null,
    stack: stacks[0]?.stack ?? [],
    whose: owned[0]?.whose ?? null,
  };
}

interface Found {
  readonly frame: RawFrame;
  readonly called: string | null;
  /** Those in which its line ran. */
  readonly pieces: readonly Piece[];
}

/**
 * The frame to blame for pieces that may differ: from the outermost frame inwards, as long as one function has most of the
 * time, then its line that has most of it.
 */
function blamed(pieces: readonly Piece[], lineOf: LineOf): Found | null {
  const half = weight(pieces) / 2;
  // Mostly Node's own doing: what little there was of others is not to blame.
  if (weight(pieces.filter(({ path }) => path.length > 0)) < half) return null;
  const paths = new Map(pieces.map((piece) => [piece, withoutRecursion(piece.path)]));
  let inside: Piece[] | null = null;
  let depth = 0;
  for (; ; depth++) {
    const among: readonly Piece[] = inside ?? pieces;
    const deeper = heaviest(
      among.filter((piece) => paths.get(piece)![depth] !== undefined),
      (piece) => functionKey(paths.get(piece)![depth]!),
    );
    if (deeper.length === 0 || (inside !== null && weight(deeper) < half)) break;
    inside = deeper;
  }
  if (inside === null) return null;
  const level = depth - 1;
  const ofLine = heaviest(inside, (piece) => String(lineOf(paths.get(piece)![level]!)));
  const frame = paths.get(ofLine[0]!)![level]!;
  // Only what ran right under this line, and not in functions of the user's that it called.
  const ownCalls = ofLine.filter((piece) => paths.get(piece)!.length === level + 1 && piece.called !== null);
  const called = heaviest(ownCalls, (piece) => piece.called!);
  return { frame, called: weight(called) >= weight(ofLine) / 2 ? (called[0]?.called ?? null) : null, pieces: ofLine };
}

/** A path in which a function that calls itself is there once, with its innermost line. */
function withoutRecursion(path: readonly RawFrame[]): RawFrame[] {
  return path.filter((frame, i) => {
    const next = path[i + 1];
    return next === undefined || functionKey(next) !== functionKey(frame);
  });
}

function weight(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { begin, end }) => sum + (end - begin), 0);
}

/** The group of pieces with the same key that weighs most. */
function heaviest(pieces: readonly Piece[], keyOf: (piece: Piece) => string): Piece[] {
  let best: Piece[] = [];
  let bestWeight = -1;
  for (const group of Map.groupBy(pieces, keyOf).values()) {
    const groupWeight = weight(group);
    if (groupWeight > bestWeight) [best, bestWeight] = [group, groupWeight];
  }
  return best;
}
