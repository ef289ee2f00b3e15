/** What was seen in a blocked stretch, by interrupts and by the profiler, as pieces without gaps: each source where it is right. */
import { lastName } from "./calls.ts";
import { isLate, type Interrupt } from "./interrupts.ts";
import { TICK, type ProfiledStack, type Tick } from "./profile.ts";
import type { Scripts } from "./scripts.ts";
import type { Piece } from "./split.ts";
import { libraryOf, maybeAtEntry, ownerOf, sameFunction, type RawFrame } from "./stack.ts";

/** A blocked stretch as it was recorded. */
export interface Stretch {
  readonly begin: number;
  readonly end: number;
  /** In order; the last may have been served after the end. */
  readonly interrupts: readonly Interrupt[];
  readonly ticks: readonly Tick[];
}

/** What ran in a stretch, in order. @param interval - seconds between interrupts. */
export function piecesOf(stretch: Stretch, interval: number, scripts: Pick<Scripts, "calls">): Piece[] {
  const { begin, end, ticks } = stretch;
  const pieces: Piece[] = [];
  const looks = stretch.interrupts.map((interrupt) => lookOf(interrupt, scripts));
  let at = begin;
  let last: Look | null = null;
  for (const look of looks) {
    if (look.served <= at) {
      last = look;
      continue;
    }
    if (look.asked >= end) break;
    const to = Math.min(look.served, end);
    // The longer a stretch, the rarer the interrupts.
    const rare = look.asked - at > 3 * Math.max(interval, (look.asked - begin) / 100);
    if (look.exact && !rare) {
      pieces.push(onBuiltinsLine(interrupted(at, to, look, scripts), ticks, scripts));
    } else {
      const around = { landed: look, last, all: looks, straight: isLate(look) && !rare };
      pieces.push(...profiled(ticks, at, to, around, scripts));
    }
    at = to;
    last = look;
  }
  if (at < end) {
    const short = last !== null && last.exact && end - at <= Math.max(interval, (end - begin) / 100) * 1.5;
    if (short) pieces.push(onBuiltinsLine(interrupted(at, end, last!, scripts), ticks, scripts));
    else pieces.push(...profiled(ticks, at, end, { landed: null, last, all: looks, straight: false }, scripts));
  }
  return pieces;
}

/** An interrupt, read with the text at hand. */
interface Look extends Interrupt {
  /** The stack tells what ran up to here. */
  readonly exact: boolean;
  /** It was at the entry of a function that goes on after an `await`: which line comes next is not known. */
  readonly resumed: boolean;
}

/**
 * A function that is interrupted at its entry has done nothing yet: what ran was its caller, so it is left out. But an
 * async function that goes on after an `await` looks the same and has no caller. Then the profiler has to tell.
 */
function lookOf(interrupt: Interrupt, scripts: Pick<Scripts, "calls">): Look {
  const [innermost, ...callers] = interrupt.frames;
  const exact = !isLate(interrupt);
  if (innermost === undefined) return { ...interrupt, exact: false, resumed: false };
  if (!isAtEntry(innermost, scripts)) return { ...interrupt, exact, resumed: false };
  // A builtin that calls it again and again (`forEach`) is not interrupted but at its entry, however long it takes.
  const again = callers[0] !== undefined && ownerOf(callers[0].file) === "engine";
  const called = !again && callers.some(({ file, awaiting }) => !awaiting && ownerOf(file) === "user");
  if (called || ownerOf(innermost.file) !== "user") return { ...interrupt, frames: callers, exact, resumed: false };
  return { ...interrupt, exact: false, resumed: true };
}

function isAtEntry(frame: RawFrame, scripts: Pick<Scripts, "calls">): boolean {
  const owner = ownerOf(frame.file);
  if (owner === "engine") return false;
  const calls = owner === "node" ? null : scripts.calls(frame.file);
  return calls?.isEntry(frame.line, frame.column) ?? maybeAtEntry(frame);
}

function interrupted(begin: number, end: number, { frames, whose }: Interrupt, scripts: Pick<Scripts, "calls">): Piece {
  const made = piece(begin, end, frames, whose, scripts);
  const [innermost] = frames;
  if (made.called !== null || innermost === undefined || made.path.at(-1) !== innermost) return made;
  // Some builtins have no frame of their own: the function is held at the place of the call.
  const call = scripts.calls(innermost.file)?.callAt(innermost.line, innermost.column) ?? null;
  if (call === null || CLOCKS.has(lastName(call.name))) return made;
  return scripts.calls(innermost.file)?.defines(call.name) === true ? made : { ...made, called: call.name };
}

/** Of the ticks so many must agree before they overrule an interrupt. */
const CLEAR = 0.7;

/**
 * An interrupt waits until the code is at the head of a loop, or at the beginning of a function. If the loop's time goes
 * into a builtin that one of its lines calls, the profiler sees that line.
 */
function onBuiltinsLine(made: Piece, ticks: readonly Tick[], scripts: Pick<Scripts, "calls">): Piece {
  const frame = made.path.at(-1);
  if (frame === undefined || made.stack[0] !== frame) return made;
  // Ticks are rare beside interrupts: all of the stretch count that were in this function.
  const places = new Set(ticks.flatMap(({ place }) => (isIn(place, frame) ? [place] : [])));
  const lines = [...places].flatMap((place) => place.lines);
  const total = lines.reduce((sum, line) => sum + line.ticks, 0);
  const ticksOf = (wanted: number): number =>
    lines.reduce((sum, { line, ticks: count }) => sum + (line === wanted ? count : 0), 0);
  const top = lines.map(({ line }) => line).sort((x, y) => ticksOf(y) - ticksOf(x))[0];
  if (top === undefined || top === frame.line || ticksOf(top) < CLEAR * total) return made;
  const calls = scripts.calls(frame.file);
  if (calls === null || !calls.callsOthersOn(frame, top)) return made;
  const builtin = calls.builtinOn(frame, top);
  if (builtin !== null && CLOCKS.has(lastName(builtin.name))) return made;
  const moved = { ...frame, line: top, column: builtin?.column ?? calls.firstColumn(frame, top) };
  const called = builtin?.name ?? null;
  return { ...made, path: [...made.path.slice(0, -1), moved], stack: [moved, ...made.stack.slice(1)], called };
}

function piece(
  begin: number,
  end: number,
  stack: readonly RawFrame[],
  whose: number | null,
  scripts: Pick<Scripts, "calls">,
): Piece {
  const path = blamable(stack);
  const innermost = path.at(-1);
  return {
    begin,
    end,
    path,
    called: innermost === undefined ? null : calledBy(innermost, stack, scripts),
    stack,
    whose,
  };
}

/** The frames that may be to blame, outermost first: the user's own, else those that await the code, else a library's. */
export function blamable(stack: readonly RawFrame[]): RawFrame[] {
  const users = stack.filter(({ file, line }) => line > 0 && ownerOf(file) === "user");
  const running = users.filter(({ awaiting }) => !awaiting);
  if (running.length > 0) return running.reverse();
  if (users.length > 0) return [users[0]!];
  const library = stack.findLast(({ file, awaiting }) => !awaiting && ownerOf(file) === "library");
  return library === undefined ? [] : [library];
}

/** A loop that watches the clock is what blocks; the clock is not. */
const CLOCKS = new Set(["now", "get performance", "hrtime", "hrtimeBigInt", "bigint"]);

/** Whether the innermost function of a profiled stack is that of `frame`. */
function isIn({ engine, frames }: ProfiledStack, frame: RawFrame): boolean {
  return !engine && frames[0] !== undefined && sameFunction(frames[0], frame);
}

/** What a frame of a stack called, in words; null if its own code ran. */
export function calledBy(frame: RawFrame, stack: readonly RawFrame[], scripts: Pick<Scripts, "calls">): string | null {
  const inner = stack.slice(0, Math.max(0, stack.indexOf(frame)));
  const callee = inner.findLast(({ file }) => ownerOf(file) !== "engine") ?? inner.at(-1);
  if (callee === undefined) return null;
  const owner = ownerOf(callee.file);
  if (owner === "engine") return callee.name || null;
  if (CLOCKS.has(callee.fn)) return null;
  // As it is called in the text: a function may be known by another name than its own.
  const direct = callee === inner.at(-1);
  const name =
    (direct ? scripts.calls(frame.file)?.callAt(frame.line, frame.column)?.imported : null) ?? lastName(callee.fn);
  if (owner === "node") return name || null;
  const library = owner === "turnwise" ? "turnwise" : (libraryOf(callee.file) ?? callee.file);
  return name === "" ? library : `${name} (${library})`;
}

/** What is known of the interrupts around a stretch of profile. */
interface Around {
  /** The one that was asked for in it and served at its end: the thread had come so far by then. */
  readonly landed: Look | null;
  /** The one before. */
  readonly last: Look | null;
  readonly all: readonly Look[];
  /** An interrupt was due all the time: no loop went round. */
  readonly straight: boolean;
}

/** What the profiler saw between two moments. */
function profiled(
  ticks: readonly Tick[],
  begin: number,
  end: number,
  around: Around,
  scripts: Pick<Scripts, "calls">,
): Piece[] {
  const pieces: Piece[] = [];
  let at = begin;
  let current: ProfiledStack | null = null;
  const close = (to: number): void => {
    if (to > at && current !== null) pieces.push(...onLines(current, at, to, around, scripts));
    at = Math.max(at, to);
  };
  for (const { time, place } of ticks) {
    if (time <= begin || place.engine) continue;
    if (time > end) break;
    // The first tick tells of the time since the beginning, too.
    if (current !== null && place !== current) close(time);
    current = place;
  }
  if (current !== null) {
    close(end);
    return pieces;
  }
  const nearest = around.landed ?? around.last;
  if (nearest !== null && !nearest.resumed) return [interrupted(begin, end, nearest, scripts)];
  return [piece(begin, end, [], null, scripts)];
}

/** A profiled stack, with the lines that it lacks; split by lines, if the innermost function has several. */
function onLines(
  place: ProfiledStack,
  begin: number,
  end: number,
  around: Around,
  scripts: Pick<Scripts, "calls">,
): Piece[] {
  const whose = around.landed?.whose ?? null;
  const callers = place.frames.slice(1).map((frame, i) => withLine(frame, place.frames[i]!, around, scripts));
  const leaf = place.frames[0]!;
  const ofUser = leaf.fnLine > 0 && ownerOf(leaf.file) !== "node";
  if (!ofUser || place.lines.length === 0) {
    const line = place.lines[0]?.line ?? 0;
    return [piece(begin, end, [{ ...leaf, line: leaf.fnLine > 0 ? line : 0 }, ...callers], whose, scripts)];
  }
  const calls = scripts.calls(leaf.file);
  const lines = linesWithin(place, end - begin, calls?.inOneLoop(leaf, place.lines) === true && !around.straight);
  const total = lines.reduce((sum, { ticks }) => sum + ticks, 0);
  let at = begin;
  return lines.map(({ line, ticks }, i) => {
    const to = i === lines.length - 1 ? end : at + ((end - begin) * ticks) / total;
    const builtin = calls?.builtinOn(leaf, line) ?? null;
    const column = builtin?.column ?? calls?.firstColumn(leaf, line) ?? 0;
    const stack = [{ ...leaf, name: calls?.fullName(leaf) ?? leaf.name, line, column }, ...callers];
    const made = piece(at, to, stack, whose, scripts);
    at = to;
    return made.called === null && builtin !== null && made.path.at(-1) === stack[0]
      ? { ...made, called: builtin.name }
      : made;
  });
}

/**
 * The lines that ran in a stretch: those with most ticks, as many as fill it. The function may have run before, on other
 * lines, in the same profile. Straight code with several native calls isn't interrupted between them: its lines follow
 * each other. Lines that took turns in a loop stand together under the one with most ticks.
 */
function linesWithin({ lines }: ProfiledStack, duration: number, inTurns: boolean): ProfiledStack["lines"] {
  const byTicks = lines.toSorted((a, b) => b.ticks - a.ticks);
  if (inTurns) return byTicks.slice(0, 1);
  let missing = (duration / TICK) * 0.9;
  const taken = byTicks.filter(({ ticks }, i) => {
    const needed = i === 0 || missing > 0;
    missing -= ticks;
    return needed;
  });
  return taken.sort((a, b) => a.line - b.line);
}

/** A caller's frame with the line of its call of `callee`: as an interrupt saw it, else from its text. */
function withLine(
  frame: RawFrame,
  callee: RawFrame,
  { landed, all }: Around,
  scripts: Pick<Scripts, "calls">,
): RawFrame {
  const owner = ownerOf(frame.file);
  if (owner !== "user" && owner !== "library") return frame;
  const seen = landed === null ? undefined : callOf(landed, frame, callee);
  if (seen !== undefined) return seen;
  // It had come here after the call.
  const reached = landed?.frames.find((other) => sameFunction(other, frame)) ?? null;
  const calls = scripts.calls(frame.file);
  const others =
    reached === null ? all.map((look) => callOf(look, frame, callee)).find((found) => found !== undefined) : undefined;
  if (others !== undefined) return others;
  const call = calls?.findCall(frame, callee.fn, reached) ?? null;
  if (call !== null) return { ...frame, name: calls!.fullName(frame), line: call.line, column: call.column };
  return reached ?? { ...frame, line: frame.fnLine, column: frame.fnColumn };
}

/** The frame of an interrupt's stack in which `caller` calls `callee`. */
function callOf({ frames }: Look, caller: RawFrame, callee: RawFrame): RawFrame | undefined {
  return frames.find((frame, i) => i > 0 && sameFunction(frame, caller) && sameFunction(frames[i - 1]!, callee));
}
