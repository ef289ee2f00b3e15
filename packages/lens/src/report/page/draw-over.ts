/** Draws what lies over the bars: what blocked the thread, and the critical path. */
import { inUnits } from "../units.ts";
import { clamp, LANE_HEIGHT, topOf, xOf, type Scene } from "./draw.ts";
import { plate } from "./label.ts";
import type { Run, RunBlocked } from "./run.ts";
import { blockedText } from "./words.ts";

/** Through all lanes: while the thread was blocked, nobody could run. */
export function drawBands(scene: Scene): void {
  scene.context.fillStyle = scene.theme.blockedBand;
  let filled = -Infinity;
  for (const { x0, x1 } of blockedInSight(scene)) {
    // Over each other they would get darker.
    if (x1 > filled) scene.context.fillRect(Math.max(x0, filled), 0, x1 - Math.max(x0, filled), scene.height);
    filled = Math.max(filled, x1);
  }
}

/** The blocked stretches over the bars; of those that fall on the same pixels of a lane, one. */
export function drawBlocked(scene: Scene, lanesInSight: [number, number]): void {
  const { context, theme } = scene;
  context.font = theme.boldFont;
  const filled = new Map<number, number>();
  for (const { stretch, x0, x1 } of blockedInSight(scene)) {
    for (const lane of lanesOf(scene.run, stretch)) {
      if (lane < lanesInSight[0] || lane >= lanesInSight[1] || x1 <= (filled.get(lane) ?? -Infinity)) continue;
      filled.set(lane, x1);
      const [y, height] = [topOf(scene, lane) + 3, LANE_HEIGHT - 6];
      context.fillStyle = theme.blockedFill;
      context.fillRect(x0, y, x1 - x0, height);
      context.strokeStyle = theme.blocked;
      context.lineWidth = 2;
      context.strokeRect(x0 + 1, y + 1, Math.max(1, x1 - x0 - 2), height - 2);
      const [left, right] = [Math.max(x0, scene.left) + 8, Math.min(x1, scene.right) - 6];
      const length = inUnits(stretch.end - stretch.begin);
      plate(
        context,
        [blockedText(stretch), `blocked ${length}`, length],
        left,
        right,
        y + height / 2,
        theme.onBlocked,
        theme.ground,
      );
    }
  }
}

/** The lanes in which a stretch is shown: the loop's, and its task's. */
export function lanesOf(run: Run, stretch: RunBlocked): readonly number[] {
  const task = stretch.task >= 0 ? stretch.task : (run.steps.task[stretch.step] ?? -1);
  return task < 0 ? [0] : [0, 1 + task];
}

/** Those in sight, each wide enough to be seen. */
function* blockedInSight(scene: Scene): Generator<{ stretch: RunBlocked; x0: number; x1: number }> {
  const { run, window, isWhatIf } = scene;
  if (isWhatIf) return;
  let [low, high] = [0, run.blocked.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run.blocked[middle]!.end > window.from) high = middle;
    else low = middle + 1;
  }
  for (let index = low; index < run.blocked.length; index++) {
    const stretch = run.blocked[index]!;
    if (stretch.begin >= window.to) return;
    const x0 = clamp(scene, xOf(scene, stretch.begin));
    const x1 = Math.max(x0 + 3, clamp(scene, xOf(scene, stretch.end)));
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
    if (previous !== null && previous.y !== y) {
      context.lineWidth = 1;
      context.globalAlpha = 0.45;
      context.setLineDash([]);
      context.moveTo(x0, Math.max(-50, Math.min(scene.height + 50, previous.y)));
      context.lineTo(x0, Math.max(-50, Math.min(scene.height + 50, y)));
      context.stroke();
      context.globalAlpha = 1;
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
