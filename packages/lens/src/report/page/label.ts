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

/** The first text that leaves some of the pattern in sight, on a plain ground: over the pattern it could not be read. */
export function plate(
  context: CanvasRenderingContext2D,
  texts: readonly string[],
  left: number,
  right: number,
  middle: number,
  ink: string,
  ground: string,
): void {
  const room = right - left;
  const fits = (one: string, index: number): boolean =>
    widthOf(context, one) <= (index === texts.length - 1 ? room : room * 0.8);
  const text = texts.find(fits);
  if (text === undefined) return;
  context.fillStyle = ground;
  context.fillRect(left - 4, middle - 8.5, widthOf(context, text) + 8, 17);
  context.fillStyle = ink;
  context.fillText(text, left, middle + 0.5);
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
