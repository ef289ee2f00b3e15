/** The window of time that the timelines show, and a linear scale over it. */

/** From when to when. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** The window that is shown. It never leaves the run, and never gets narrower than what times can tell apart. */
export class View {
  readonly extent: number;
  #from = 0;
  #to: number;
  readonly #changed: () => void;

  constructor(extent: number, changed: () => void) {
    this.extent = extent;
    this.#to = extent;
    this.#changed = changed;
  }

  get window(): TimeWindow {
    return { from: this.#from, to: this.#to };
  }

  get span(): number {
    return this.#to - this.#from;
  }

  /** Whether all is shown. */
  get isWhole(): boolean {
    return this.span >= this.extent;
  }

  show(from: number, to: number): void {
    const span = Math.min(this.extent, Math.max(to - from, this.extent * 1e-9, 2e-7));
    const middle = (from + to) / 2;
    this.#from = Math.min(Math.max(0, middle - span / 2), this.extent - span);
    this.#to = this.#from + span;
    this.#changed();
  }

  /** Shows `1 / factor` of the window; `around` stays where it is. */
  zoom(factor: number, around: number = (this.#from + this.#to) / 2): void {
    const span = Math.min(this.extent, this.span / factor);
    const share = (around - this.#from) / this.span;
    this.show(around - share * span, around + (1 - share) * span);
  }

  pan(seconds: number): void {
    this.show(this.#from + seconds, this.#to + seconds);
  }

  /** Moves only as far as is needed to see `from` to `to`, and zooms only out. */
  reveal(from: number, to: number): void {
    if (from >= this.#from && to <= this.#to) return;
    const span = Math.max(this.span, (to - from) * 1.2);
    this.show((from + to - span) / 2, (from + to + span) / 2);
  }
}

/** Round times about `spacing` pixels apart, with labels that tell them apart. */
export function ticks({ from, to }: TimeWindow, width: number, spacing: number): { at: number; label: string }[] {
  const rough = ((to - from) * spacing) / Math.max(width, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = power * ([1, 2, 5].find((multiple) => multiple * power >= rough) ?? 10);
  const first = Math.ceil(from / distance);
  const made: { at: number; label: string }[] = [];
  for (let index = first; index * distance <= to; index++) {
    made.push({ at: index * distance, label: moment(index * distance, distance) });
  }
  return made;
}

/** A moment in seconds since the beginning, with as many digits as it takes to tell it from one `distance` away. */
export function moment(time: number, distance: number): string {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(distance) - 1e-9)));
  return `${time.toFixed(digits)} s`;
}
