// @ts-nocheck
/** Text on a canvas that is never wider than its place. */

const widths = new Map<string, number>();

/** Writes as much of `text` as fits between `left` and `right`, or nothing where that would say nothing. */
export function label(
  context: CanvasRenderingContext2D,
  text: string,
  left: number,
  right: number,
  middle: number,
): void {
  const room = right - left;
  if (room < 22) return;
  const fitting = fit(context, text, room);
  if (fitting !== "") context.fillText(fitting, left, middle);
}

/** The text, shortened with an ellipsis; empty if not even three letters fit. */
export function fit(context: CanvasRenderingContext2D, text: string, room: number): string {
  const width = widthOf(context, text);
  if (width <= room) return text;
  const letters = Math.floor((text.length * room) / width) - 1;
  return letters < 3 ? "" : `${text.slice(0, letters).trimEnd()}…`;
}

/** Measuring is slow, and the same texts come back with every frame. */
export function widthOf(context: CanvasRenderingContext2D, text: string): number {
  const key = context.font + text;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 5000) widths.clear();
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}
