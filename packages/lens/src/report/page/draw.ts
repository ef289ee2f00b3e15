/**
 * Draws the lanes that are in sight, and of each only what the window shows: intervals of a few pixels as bars with
 * their text, smaller ones added up by columns of pixels, as high as the share of the time that they fill.
 */
import { inUnits } from "../units.ts";
import { label, plate, widthOf } from "./label.ts";
import { AWAY, READY, RUNS, type Lanes } from "./lanes.ts";
import type { Run } from "./run.ts";
import type { TimeWindow } from "./scale.ts";
import type { Theme } from "./theme.ts";
import { waitText } from "./words.ts";

/** Pixels: how high a lane is, and how much of that stays free above and below its bars. */
export const LANE_HEIGHT = 32;
const MARGIN = 5;
/** Narrower than this, intervals are added up. */
const SMALLEST_BAR = 3;
const COLUMN = 2;
/** What there is at all is seen. */
const SMALLEST_SHARE = 0.15;

/** What to draw on, and where. */
export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly theme: Theme;
  readonly run: Run;
  readonly lanes: Lanes;
  readonly window: TimeWindow;
  /** The pixels of the time axis. */
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** How far the lanes are scrolled, in pixels. */
  readonly scrolled: number;
  /** Whether this is the run as it would have been. */
  readonly isWhatIf: boolean;
}

export function xOf({ window, left, right }: Scene, time: number): number {
  return left + ((time - window.from) / (window.to - window.from)) * (right - left);
}

/** Where a bar may end without leaving the sight: canvases draw far coordinates badly. */
export function clamp(scene: Scene, x: number): number {
  return Math.min(scene.right + 20, Math.max(scene.left - 20, x));
}

export function topOf(scene: Scene, lane: number): number {
  return lane * LANE_HEIGHT - scene.scrolled;
}

/** The lanes in sight: from the first to before the last. */
export function visibleLanes(scene: Scene): [number, number] {
  const first = Math.max(0, Math.floor(scene.scrolled / LANE_HEIGHT));
  return [first, Math.min(scene.lanes.count, Math.ceil((scene.scrolled + scene.height) / LANE_HEIGHT))];
}

export function drawLane(scene: Scene, lane: number): void {
  const { lanes, window } = scene;
  const top = topOf(scene, lane);
  const middle = top + LANE_HEIGHT / 2;
  const perPixel = (window.to - window.from) / (scene.right - scene.left);
  const last = lanes.last(lane);
  drawWaiting(scene, lane, middle);

  let at = lanes.firstAfter(window.from, lanes.first(lane), last);
  const inSight = lanes.firstFrom(window.to, at, last) - at;
  const column = { seconds: COLUMN * perPixel, isSparse: inSight < (scene.right - scene.left) / 12 };
  drawWaitText(scene, lane, at, middle);
  while (at < last && lanes.begin[at]! < window.to) {
    const x0 = xOf(scene, lanes.begin[at]!);
    const x1 = xOf(scene, lanes.end[at]!);
    if (x1 - x0 >= SMALLEST_BAR) {
      drawBar(scene, at, clamp(scene, x0), clamp(scene, x1), top);
      at++;
    } else {
      const x = scene.left + Math.floor((x0 - scene.left) / COLUMN) * COLUMN;
      const until = window.from + (x + COLUMN - scene.left) * perPixel;
      let next = lanes.firstFrom(until, at + 1, last);
      // Only the last can reach beyond the column; if it is a bar of its own, it is drawn as one.
      if (next - 1 > at && lanes.end[next - 1]! - lanes.begin[next - 1]! >= SMALLEST_BAR * perPixel) next--;
      drawColumn(scene, lane, at, next, x, column);
      at = next;
    }
    drawWaitText(scene, lane, at, middle);
  }
}

/** A line from where the lane begins to where it ends; bars lie over it. */
function drawWaiting(scene: Scene, lane: number, middle: number): void {
  const { context, theme, lanes } = scene;
  const x0 = clamp(scene, xOf(scene, lanes.from[lane]!));
  const x1 = clamp(scene, xOf(scene, lanes.to[lane]!));
  if (lane === 0 || !(x1 > x0)) return;
  context.fillStyle = theme.wait;
  context.fillRect(x0, middle - 0.75, x1 - x0, 1.5);
}

/** What is waited for, in the gap before the interval `at`. */
function drawWaitText(scene: Scene, lane: number, at: number, middle: number): void {
  const { context, theme, lanes, window } = scene;
  if (lane === 0) return;
  const isFirst = at === lanes.first(lane);
  const isLast = at === lanes.last(lane);
  const from = isFirst ? lanes.from[lane]! : lanes.end[at - 1]!;
  const to = isLast ? lanes.to[lane]! : lanes.begin[at]!;
  // Most gaps are small: they are sorted out before anything is worked out for them.
  if (((to - from) / (window.to - window.from)) * (scene.right - scene.left) < 56) return;
  const left = xOf(scene, Math.max(from, window.from)) + 8;
  const right = xOf(scene, Math.min(to, window.to)) - 8;
  if (right - left < 40) return;
  const text = waitText(scene.run, lanes, lane, at, scene.isWhatIf);
  context.font = theme.font;
  const width = Math.min(right - left, widthOf(context, text));
  context.fillStyle = theme.ground;
  context.globalAlpha = 0.85;
  context.fillRect(left - 4, middle - 8, width + 8, 16);
  context.globalAlpha = 1;
  context.fillStyle = theme.muted;
  label(context, text, left, right, middle + 0.5);
}

function drawBar(scene: Scene, at: number, x0: number, x1: number, top: number): void {
  const { context, theme, lanes, run } = scene;
  const [y, height] = [top + MARGIN, LANE_HEIGHT - 2 * MARGIN];
  const kind = lanes.kind[at]!;
  const length = inUnits(lanes.end[at]! - lanes.begin[at]!);
  context.fillStyle = kind === RUNS ? theme.run : kind === READY ? theme.readyFill : theme.awayFill;
  context.fillRect(x0, y, x1 - x0, height);
  context.lineWidth = 1;
  if (kind !== RUNS) {
    context.strokeStyle = kind === READY ? theme.ready : theme.away;
    context.strokeRect(x0 + 0.5, y + 0.5, Math.max(0, x1 - x0 - 1), height - 1);
  } else if (x1 - x0 > 6) {
    // A hair of ground between steps that follow each other.
    context.fillStyle = theme.ground;
    context.fillRect(x1 - 0.5, y, 0.5, height);
  }
  const [left, right] = [Math.max(x0, scene.left) + 6, Math.min(x1, scene.right) - 5];
  if (right - left < 22) return;
  const task = run.steps.task[lanes.step[at]!]!;
  const name = task < 0 ? run.steps.callback(lanes.step[at]!) : run.tasks[task]!.name;
  const text =
    kind === READY
      ? `ready ${length}`
      : kind === AWAY
        ? `away ${length}`
        : top + scene.scrolled === 0
          ? name
          : `ran ${length}`;
  context.font = theme.boldFont;
  if (kind === RUNS) {
    context.fillStyle = theme.onRun;
    label(context, text, left, right, y + height / 2 + 0.5);
  } else plate(context, [text, length], left, right, y + height / 2, theme.text, theme.ground);
}

/**
 * What is too small for bars, in one column: from below how much of it runs, above that how much is ready or away. In a
 * lane where that would be specks, it is a stroke as high as a bar.
 */
function drawColumn(scene: Scene, lane: number, from: number, to: number, x: number, column: Column): void {
  const { context, theme, lanes } = scene;
  const height = LANE_HEIGHT - 2 * MARGIN;
  const [ran, other] = [lanes.ran(from, to), lanes.other(from, to)];
  const share = (part: number): number =>
    part <= 0 ? 0 : Math.max(SMALLEST_SHARE, Math.min(1, part / column.seconds));
  // Steps without a length, as under a virtual clock, are seen all the same.
  let runs = share(ran) || (other > 0 ? 0 : SMALLEST_SHARE);
  let rest = Math.min(1 - runs, share(other));
  if (column.isSparse) {
    const whole = 1 / (runs + rest);
    [runs, rest] = [runs * whole, rest * whole];
  }
  // The loop's lane is a graph of how busy it is; a task's bars lie on its line.
  const bottom = topOf(scene, lane) + MARGIN + (lane === 0 ? height : (height * (1 + runs + rest)) / 2);
  if (rest > 0) {
    context.fillStyle = lanes.kind[from] === AWAY || lanes.kind[to - 1] === AWAY ? theme.away : theme.ready;
    context.fillRect(x, bottom - (runs + rest) * height, COLUMN, rest * height);
  }
  context.fillStyle = theme.run;
  context.fillRect(x, bottom - runs * height, COLUMN, runs * height);
}

interface Column {
  /** How long a column is. */
  readonly seconds: number;
  /** Whether the lane shows few intervals, wide apart. */
  readonly isSparse: boolean;
}
