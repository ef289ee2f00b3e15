/** The colours and patterns of the canvases, from the style sheet, which knows light from dark. */

export interface Theme {
  readonly ground: string;
  readonly zebra: string;
  readonly gutter: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly run: string;
  readonly onRun: string;
  readonly ready: string;
  readonly readyFill: CanvasPattern;
  readonly wait: string;
  readonly blocked: string;
  readonly onBlocked: string;
  readonly blockedFill: CanvasPattern;
  readonly blockedBand: string;
  readonly away: string;
  readonly awayFill: CanvasPattern;
  readonly path: string;
  readonly gain: string;
  readonly gainFill: CanvasPattern;
  readonly accent: string;
  readonly selected: string;
  readonly font: string;
  readonly boldFont: string;
}

/** What each kind looks like apart from its colour. */
type Motif = (context: CanvasRenderingContext2D, size: number) => void;

export function readTheme(pixelRatio: number): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const fill = (ground: string, ink: string, size: number, motif: Motif): CanvasPattern =>
    pattern(colour(ground), colour(ink), size, motif, pixelRatio);
  const family = getComputedStyle(document.body).fontFamily;
  return {
    ground: colour("ground"),
    zebra: colour("zebra"),
    gutter: colour("gutter"),
    text: colour("text"),
    muted: colour("muted"),
    line: colour("line"),
    run: colour("run"),
    onRun: colour("on-run"),
    ready: colour("ready"),
    readyFill: fill("ready-ground", "ready", 7, rising),
    wait: colour("wait"),
    blocked: colour("blocked"),
    onBlocked: colour("on-blocked"),
    blockedFill: fill("blocked", "blocked-ink", 12, falling),
    blockedBand: colour("blocked-band"),
    away: colour("away"),
    awayFill: fill("away-ground", "away", 6, dotted),
    path: colour("path"),
    gain: colour("gain"),
    gainFill: fill("gain-ground", "gain-ink", 10, rising),
    accent: colour("accent"),
    selected: colour("selected"),
    font: `11.5px ${family}`,
    boldFont: `600 11.5px ${family}`,
  };
}

function pattern(ground: string, ink: string, size: number, motif: Motif, pixelRatio: number): CanvasPattern {
  const pixels = Math.round(size * pixelRatio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = pixels;
  const context = tile.getContext("2d")!;
  context.scale(pixels / size, pixels / size);
  context.fillStyle = ground;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = context.fillStyle = ink;
  motif(context, size);
  const made = context.createPattern(tile, "repeat")!;
  made.setTransform(new DOMMatrix().scale(size / pixels));
  return made;
}

function rising(context: CanvasRenderingContext2D, size: number): void {
  stripes(context, size, size * 0.2, (from) => [from, size, from + size, 0]);
}

function falling(context: CanvasRenderingContext2D, size: number): void {
  stripes(context, size, size * 0.36, (from) => [from, 0, from + size, size]);
}

/** Lines across a tile and its corners, so that tiles join. */
function stripes(
  context: CanvasRenderingContext2D,
  size: number,
  width: number,
  line: (from: number) => [number, number, number, number],
): void {
  context.lineWidth = width;
  context.lineCap = "square";
  for (const from of [-size, 0, size]) {
    const [x0, y0, x1, y1] = line(from);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
}

function dotted(context: CanvasRenderingContext2D, size: number): void {
  context.beginPath();
  context.arc(size / 2, size / 2, size * 0.2, 0, 2 * Math.PI);
  context.fill();
}
