/** The ruler over the timelines, and in its corner which part of the runs is shown. */
import { widthOf } from "../../../../lens/src/report/page/label.ts";
import { ticks, type View } from "../../../../lens/src/report/page/scale.ts";
import type { Theme } from "../../../../lens/src/report/page/theme.ts";

/** Pixels. */
export const RULER_HEIGHT = 28;

interface Ruler {
  readonly canvas: HTMLCanvasElement;
  readonly theme: Theme;
  readonly view: View;
  /** Where the axis begins, and how wide the ruler is, in pixels. */
  readonly left: number;
  readonly width: number;
}

export function drawRuler({ canvas, theme, view, left, width }: Ruler): void {
  const context = canvas.getContext("2d", { alpha: false })!;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.fillStyle = theme.gutter;
  context.fillRect(0, 0, width, RULER_HEIGHT);
  context.font = theme.font;
  context.textBaseline = "middle";
  const { from } = view.window;
  for (const { at, label } of ticks(view.window, width - left, 110)) {
    const x = Math.round(left + ((at - from) / view.span) * (width - left));
    context.fillStyle = theme.line;
    context.fillRect(x, RULER_HEIGHT - 8, 1, 8);
    const textWidth = widthOf(context, label);
    context.fillStyle = theme.muted;
    context.fillText(label, x + 5 + textWidth < width ? x + 5 : x - 5 - textWidth, RULER_HEIGHT / 2);
  }
  const [x, y, whole] = [10, RULER_HEIGHT / 2 - 3, left - 24];
  context.fillStyle = theme.line;
  context.fillRect(x, y, whole, 6);
  context.strokeStyle = theme.accent;
  context.lineWidth = 1.5;
  context.strokeRect(x + (from / view.extent) * whole, y - 1, Math.max(3, (view.span / view.extent) * whole), 8);
}
