// @ts-nocheck
/**
 * Draws the lanes that are in sight, and of each only what the window shows: intervals of a few pixels as bars with
 * their text, smaller ones added up by columns of pixels, as high as the share of the time that they fill.
 */
import { inWords } from "../sentence.ts";
import { label, widthOf } from "./label.ts";
import { AWAY, READY, RUNS, type Lanes } from "./lanes.ts";
import type { Run, RunBlocked } from "./run.ts";
import type { TimeWindow } from "./scale.ts";
import type { Theme } from "./theme.ts";
import { blockedText, waitText } from "./words.ts";

/** Pixels: how high a lane is, and how much of that stays free above and below its bars. */
export const LANE_HEIGHT = 32;
const MARGIN = 5;
/** Narrower than this, intervals are added up. */
const SMALLEST_BAR = 3;
const COLUMN = 2;

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
function clamp(scene: Scene, x: number): number {
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
  const { context, theme, lanes, window } = scene;
  const top = topOf(scene, lane);
  const middle = top + LANE_HEIGHT / 2;
  const perPixel = (window.to - window.from) / (scene.right - scene.left);
  const last = lanes.last(lane);
  drawWaiting(scene, lane, middle);

  let at = lanes.firstAfter(window.from, lanes.first(lane), last);
  drawWaitText(scene, lane, at, middle);
  while (at < last && lanes.begin[at]! < window.to) {
    const x0 = xOf(scene, lanes.begin[at]!);
    const x1 = xOf(scene, lanes.end[at]!);
    if (x1 - x0 >= SMALLEST_BAR) {
      drawBar(scene, at, clamp(scene, x0), clamp(scene, x1), top);
      at++;
    } else {
      const column = scene.left + Math.floor((x0 - scene.left) / COLUMN) * COLUMN;
      const until = window.from + (column + COLUMN - scene.left) * perPixel;
      let next = lanes.firstFrom(until, at + 1, last);
      // Only the last can reach beyond the column; if it is a bar of its own, it is drawn as one.
      if (next - 1 > at && lanes.end[next - 1]! - lanes.begin[next - 1]! >= SMALLEST_BAR * perPixel) next--;
      drawColumn(scene, at, next, column, top, COLUMN * perPixel);
      at = next;
    }
    drawWaitText(scene, lane, at, middle);
  }
  context.fillStyle = theme.text;
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
  const length = inWords(lanes.end[at]! - lanes.begin[at]!);
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
  if (kind === RUNS) {
    context.font = theme.boldFont;
    context.fillStyle = theme.onRun;
    label(context, text, left, right, y + height / 2 + 0.5);
  } else plate(scene, [text, length], left, right, y + height / 2, theme.text);
}

/** The first text that leaves some of the pattern in sight, on a plain ground: over the pattern it could not be read. */
function plate(scene: Scene, texts: readonly string[], left: number, right: number, middle: number, ink: string): void {
  const { context, theme } = scene;
  context.font = theme.boldFont;
  const room = right - left;
  const fits = (one: string, index: number): boolean =>
    widthOf(context, one) <= (index === texts.length - 1 ? room : room * 0.8);
  const text = texts.find(fits);
  if (text === undefined) return;
  context.fillStyle = theme.ground;
  context.fillRect(left - 4, middle - 8.5, widthOf(context, text) + 8, 17);
  context.fillStyle = ink;
  context.fillText(text, left, middle + 0.5);
}

/** Several intervals in one column: from below how much of it runs, above that how much is ready or away. */
function drawColumn(scene: Scene, from: number, to: number, x: number, top: number, seconds: number): void {
  const { context, theme, lanes } = scene;
  const height = LANE_HEIGHT - 2 * MARGIN;
  const share = (part: number): number => (part <= 0 ? 0 : Math.max(0.35, Math.min(1, part / seconds)));
  // Steps without a length, as under a virtual clock, are seen all the same.
  const other = lanes.other(from, to);
  const runs = share(lanes.ran(from, to)) || (other > 0 ? 0 : 0.35);
  const bottom = top + MARGIN + height;
  const rest = Math.min(1 - runs, share(other));
  if (rest > 0) {
    context.fillStyle = lanes.kind[from] === AWAY || lanes.kind[to - 1] === AWAY ? theme.away : theme.ready;
    context.fillRect(x, bottom - (runs + rest) * height, COLUMN, rest * height);
  }
  context.fillStyle = theme.run;
  context.fillRect(x, bottom - runs * height, COLUMN, runs * height);
}

/** Through all lanes: while the thread was blocked, nobody could run. */
export function drawBands(scene: Scene): void {
  scene.context.fillStyle = scene.theme.blockedBand;
  for (const { x0, x1 } of blockedInSight(scene)) scene.context.fillRect(x0, 0, x1 - x0, scene.height);
}

/** The blocked stretches of one lane, over its bars. */
export function drawBlocked(scene: Scene, lanesInSight: [number, number]): void {
  const { context, theme } = scene;
  for (const { stretch, x0, x1 } of blockedInSight(scene)) {
    for (const lane of lanesOf(scene.run, stretch)) {
      if (lane < lanesInSight[0] || lane >= lanesInSight[1]) continue;
      const [y, height] = [topOf(scene, lane) + 3, LANE_HEIGHT - 6];
      context.fillStyle = theme.blockedFill;
      context.fillRect(x0, y, x1 - x0, height);
      context.strokeStyle = theme.blocked;
      context.lineWidth = 2;
      context.strokeRect(x0 + 1, y + 1, Math.max(1, x1 - x0 - 2), height - 2);
      const [left, right] = [Math.max(x0, scene.left) + 8, Math.min(x1, scene.right) - 6];
      const length = inWords(stretch.end - stretch.begin);
      plate(scene, [blockedText(stretch), `blocked ${length}`, length], left, right, y + height / 2, theme.onBlocked);
    }
  }
}

/** The lanes in which a stretch is shown: the loop's, and its task's. */
export function lanesOf(run: Run, stretch: RunBlocked): readonly number[] {
  const task = stretch.task >= 0 ? stretch.task : (run.steps.task[stretch.step] ?? -1);
  return task < 0 ? [0] : [0, 1 + task];
}

/** Those in sight, each at least some pixels wide; of many in one place the first. */
function* blockedInSight(scene: Scene): Generator<{ stretch: RunBlocked; x0: number; x1: number }> {
  const { run, window, isWhatIf } = scene;
  if (isWhatIf) return;
  let [low, high] = [0, run.blocked.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run.blocked[middle]!.end > window.from) high = middle;
    else low = middle + 1;
  }
  let filled = -Infinity;
  for (let index = low; index < run.blocked.length; index++) {
    const stretch = run.blocked[index]!;
    if (stretch.begin >= window.to) return;
    const x0 = clamp(scene, xOf(scene, stretch.begin));
    const x1 = Math.max(x0 + 3, clamp(scene, xOf(scene, stretch.end)));
    if (x1 <= filled) continue;
    filled = x1;
    yield { stretch, x0, x1 };
  }
}

/** The critical path: a thick line under the bars that it goes through, and from lane to lane. */
export function drawPath(scene: Scene): void {
  const { context, theme, run, window, isWhatIf } = scene;
  if (isWhatIf || run.path.length === 0) return;
  let [low, high] = [0, run.path.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run.path[middle]!.end > window.from) high = middle;
    else low = middle + 1;
  }
  context.strokeStyle = theme.path;
  context.lineCap = "butt";
  let previous: { x: number; y: number } | null = null;
  let filled = -Infinity;
  for (let index = low; index < run.path.length; index++) {
    const segment = run.path[index]!;
    if (segment.begin >= window.to) return;
    const x0 = clamp(scene, xOf(scene, segment.begin));
    const x1 = clamp(scene, xOf(scene, segment.end));
    const isLast = index === run.path.length - 1;
    // What is smaller than a pixel is left out, but for the last, so that the line has no holes.
    if (x1 - filled < 1 && !isLast) continue;
    filled = x1;
    const y = topOf(scene, 1 + segment.task) + LANE_HEIGHT - 2.5;
    context.beginPath();
    context.lineWidth = 1;
    if (previous !== null && previous.y !== y) {
      context.setLineDash([]);
      context.moveTo(x0, Math.max(-50, Math.min(scene.height + 50, previous.y)));
      context.lineTo(x0, Math.max(-50, Math.min(scene.height + 50, y)));
      context.stroke();
      context.beginPath();
    }
    // Time in which only the queue was waited for is on the path, but not in its length.
    const isQueued = segment.kind === "queued";
    context.lineWidth = isQueued ? 1.5 : 3;
    context.setLineDash(isQueued ? [2, 3] : []);
    context.moveTo(previous === null ? x0 : Math.min(previous.x, x0), y);
    context.lineTo(Math.max(x1, x0 + 1), y);
    context.stroke();
    previous = { x: x1, y };
  }
  context.setLineDash([]);
}
