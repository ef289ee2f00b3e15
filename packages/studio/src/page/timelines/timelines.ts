/**
 * `Timelines`: the timelines of the programs that were recorded, under each other on one time axis, with a ruler and the
 * cursor of time. They are drawn on canvases, before the next frame and no oftener. Where the axis or the programs
 * change, others take their place.
 */
import { LANE_HEIGHT } from "../../../../lens/src/report/page/draw.ts";
import { element } from "../../../../lens/src/report/page/dom.ts";
import { attachGestures } from "../../../../lens/src/report/page/gestures.ts";
import { actualLanes, predictedLanes, RUNS } from "../../../../lens/src/report/page/lanes.ts";
import { Pane, type Hit } from "../../../../lens/src/report/page/pane.ts";
import { moment as inDigits } from "../../../../lens/src/report/page/scale.ts";
import { readTheme, type Theme } from "../../../../lens/src/report/page/theme.ts";
import { inUnits } from "../../../../lens/src/report/units.ts";
import type { Recorded } from "../recorded.ts";
import type { Slot } from "../slot.ts";
import type { Studio } from "../studio.ts";
import { drawRuler, RULER_HEIGHT } from "./ruler.ts";
import { pointed } from "./pointed.ts";

/** Of each timeline at least so many lanes are seen. */
const FEWEST_LANES = 4;
/** The share of the window's height that the timelines take, where there is no need for more. */
const SHARE_OF_WINDOW = 0.48;

/** A program: its run, and beneath it perhaps the run as it would have been. */
interface Row {
  readonly slot: Slot;
  readonly recorded: Recorded;
  readonly element: HTMLElement;
  readonly panes: readonly Pane[];
}

export class Timelines {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #resized: (heights: ReadonlyMap<Slot, number>) => void;
  readonly #stage: HTMLElement;
  readonly #ruler: HTMLCanvasElement = element("canvas", { class: "ruler", "aria-hidden": "true" });
  readonly #tip: HTMLElement = element("div", { class: "tip", "aria-hidden": "true", hidden: true });
  readonly #hair: HTMLElement = element("div", { class: "hair", "aria-hidden": "true", hidden: true });
  readonly #cursor: HTMLElement = element("div", { class: "hair cursor", "aria-hidden": "true" });
  #rows: readonly Row[];
  readonly #observer = new ResizeObserver(() => this.#resize());
  #theme: Theme | null = null;
  #width = 0;
  #isDue = false;

  /** `resized` is told how high the row of each program is, so that what stands beside it can be as high. */
  constructor(studio: Studio, resized: (heights: ReadonlyMap<Slot, number>) => void) {
    this.#studio = studio;
    this.#resized = resized;
    this.#rows = studio.playhead.recorded.map((slot) => this.#newRow(slot, slot.recorded));
    this.#stage = element(
      "div",
      {
        class: "stage",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "timelines",
        "aria-label":
          "Timelines of the programs, on one time axis. What they show at the cursor is in words beside them. Press the question mark for the keys.",
        keydown: (event) => {
          if (this.#scrollLanes((event as KeyboardEvent).key)) event.preventDefault();
        },
      },
      this.#ruler,
      ...this.#rows.map((row) => row.element),
      this.#cursor,
      this.#hair,
    );
    this.element = element("div", { class: "timeline" }, this.#stage, this.#tip);
    attachGestures(this.#stage, {
      view: studio.playhead.axis.view,
      axis: () => ({ left: this.#left, right: this.#width }),
      scroll: (pixels) => this.#panes.forEach(({ scroller }) => (scroller.scrollTop += pixels)),
      click: (event) => this.#click(event),
      hover: (event) => this.#hover(event),
    });
    this.#attachScrubbing();
    this.#observer.observe(this.#stage);
    window.addEventListener("resize", this.#resize);
  }

  dispose(): void {
    this.#observer.disconnect();
    window.removeEventListener("resize", this.#resize);
    // The gestures go on listening to the window: what they hold on to must not be the recordings.
    this.#rows = [];
  }

  /** After the colours have changed. */
  newTheme(): void {
    this.#theme = null;
    this.redraw();
  }

  redraw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Selects in each timeline the step that has the baton, and brings its lane into sight. */
  followCursor(): void {
    for (const { slot, recorded, element: row, panes } of this.#rows) {
      row.classList.toggle("selected", slot === this.#studio.selected);
      const moment = this.#studio.playhead.momentOf(slot);
      const explorer = this.#studio.playhead.explorerOf(recorded);
      if (moment?.isRunning === true) explorer.select({ kind: "step", index: moment.step }, -1);
      else explorer.select(null, -1);
      // While time rushes by, lanes that jump about would be of no use.
      const isSteady = !this.#studio.playhead.player.isRushing;
      if (moment?.isRunning !== true || explorer.lane <= 0 || !isSteady) continue;
      for (const pane of panes) pane.revealLane(explorer.lane);
    }
    this.redraw();
  }

  #newRow(slot: Slot, recorded: Recorded): Row {
    const { run } = recorded;
    const letter = element("span", { class: "letter" }, slot.letter);
    const panes = [new Pane(run, actualLanes(run), false, title(letter, slot.name))];
    if (this.#studio.isWhatIfShown && run.blocked.length > 0) {
      const seconds = inUnits(run.data.prediction.seconds);
      panes.push(new Pane(run, predictedLanes(run), true, title("", "If it had yielded", seconds)));
    }
    for (const { scroller } of panes) scroller.addEventListener("scroll", () => this.redraw(), { passive: true });
    return { slot, recorded, panes, element: element("div", { class: "row" }, ...panes.map((pane) => pane.element)) };
  }

  get #panes(): readonly Pane[] {
    return this.#rows.flatMap(({ panes }) => panes);
  }

  /** Where the time axis begins: right of the names. */
  get #left(): number {
    return Math.round(Math.min(190, this.#width * 0.3));
  }

  /** Drags over the ruler move the cursor. */
  #attachScrubbing(): void {
    const scrub = (event: PointerEvent): void => {
      if (event.buttons === 0 && event.type === "pointermove") return;
      event.stopPropagation();
      this.#ruler.setPointerCapture(event.pointerId);
      this.#studio.playhead.player.pause();
      this.#studio.playhead.goTo(this.#timeAt(event));
    };
    this.#ruler.addEventListener("pointerdown", scrub);
    this.#ruler.addEventListener("pointermove", scrub);
  }

  /** Moves the lanes of the selected program; whether the key meant that. */
  #scrollLanes(key: string): boolean {
    const lanes = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[key];
    const row = this.#rows.find(({ slot }) => slot === this.#studio.selected);
    if (lanes === undefined || row === undefined) return false;
    for (const { scroller } of row.panes) scroller.scrollTop += lanes * LANE_HEIGHT;
    return true;
  }

  #timeAt(event: PointerEvent): number {
    const { from } = this.#studio.playhead.axis.view.window;
    return from + (event.clientX - this.#stage.getBoundingClientRect().left - this.#left) * this.#perPixel;
  }

  get #perPixel(): number {
    return this.#studio.playhead.axis.view.span / Math.max(1, this.#width - this.#left);
  }

  readonly #resize = (): void => {
    this.#theme = null;
    const panes = this.#panes;
    const titles = panes.reduce(
      (sum, { element: pane, scroller }) => sum + pane.offsetHeight - scroller.offsetHeight,
      0,
    );
    const wanted = panes.map(({ lanes }) => lanes.count * LANE_HEIGHT);
    const room = window.innerHeight * SHARE_OF_WINDOW - RULER_HEIGHT - titles;
    const most = Math.max(FEWEST_LANES * LANE_HEIGHT, Math.round(fairShare(wanted, room)));
    for (const [index, pane] of panes.entries()) pane.setHeight(Math.min(most, wanted[index]!));
    this.#width = Math.min(this.#stage.clientWidth, ...panes.map(({ scroller }) => scroller.clientWidth));
    for (const pane of panes) pane.setWidth(this.#width, devicePixelRatio);
    this.#ruler.style.width = `${this.#width}px`;
    this.#ruler.style.height = `${RULER_HEIGHT}px`;
    this.#ruler.width = Math.round(this.#width * devicePixelRatio);
    this.#ruler.height = Math.round(RULER_HEIGHT * devicePixelRatio);
    this.#resized(new Map(this.#rows.map((row) => [row.slot, row.element.offsetHeight])));
    this.#draw();
  };

  #draw(): void {
    if (this.#width === 0) return;
    this.#theme ??= readTheme(devicePixelRatio);
    const { view } = this.#studio.playhead.axis;
    const left = this.#left;
    drawRuler({ canvas: this.#ruler, theme: this.#theme, view, left, width: this.#width });
    for (const { panes, recorded } of this.#rows) {
      const explorer = this.#studio.playhead.explorerOf(recorded);
      for (const pane of panes) pane.draw(this.#theme, explorer, left, devicePixelRatio);
    }
    this.#placeCursor(left);
  }

  #placeCursor(left: number): void {
    const { cursor, axis } = this.#studio.playhead;
    const x = left + (cursor.time - axis.view.window.from) / this.#perPixel;
    this.#cursor.hidden = this.#rows.length === 0 || x < left - 1 || x > this.#width;
    if (this.#cursor.hidden) return;
    this.#cursor.style.transform = `translateX(${Math.round(x)}px)`;
    this.#cursor.classList.toggle("flipped", x > this.#width - 110);
    this.#cursor.dataset["time"] = inDigits(cursor.time, this.#perPixel);
  }

  #hit(event: PointerEvent): { row: Row; pane: Pane; hit: Hit } | null {
    for (const row of this.#rows) {
      for (const pane of row.panes) {
        const box = pane.canvas.getBoundingClientRect();
        if (event.clientY < box.top || event.clientY >= box.bottom) continue;
        const hit = pane.at(event.clientX - box.left, event.clientY - box.top);
        if (hit !== null) return { row, pane, hit };
      }
    }
    return null;
  }

  /** Puts the cursor where the click is; or at the step there, if that is too short to be met. */
  #click(event: PointerEvent): void {
    const found = this.#hit(event);
    if (found === null) return;
    const { row, pane, hit } = found;
    this.#studio.playhead.player.pause();
    this.#studio.select(row.slot);
    if (hit.isName) return;
    const { lanes } = pane;
    if (pane.isWhatIf) {
      // The cursor is a moment of the run as it was.
      if (hit.interval >= 0) this.#studio.playhead.goToStep(lanes.step[hit.interval]!);
      return;
    }
    const time = this.#timeAt(event);
    const isStep = hit.blocked === null && hit.interval >= 0 && lanes.kind[hit.interval] === RUNS;
    const isMet = isStep && time >= lanes.begin[hit.interval]! && time < lanes.end[hit.interval]!;
    if (isStep && !isMet) this.#studio.playhead.goToStep(lanes.step[hit.interval]!);
    else this.#studio.playhead.goTo(time);
  }

  #hover(event: PointerEvent | null): void {
    const found = event === null ? null : this.#hit(event);
    const left = this.#left;
    const x = event === null ? -1 : event.clientX - this.#stage.getBoundingClientRect().left;
    this.#hair.hidden = event === null || x < left || x > this.#width;
    if (event !== null && !this.#hair.hidden) {
      this.#hair.style.transform = `translateX(${Math.round(x)}px)`;
      this.#hair.classList.toggle("flipped", x > this.#width - 110);
      this.#hair.dataset["time"] = inDigits(this.#timeAt(event), this.#perPixel);
    }
    this.#tip.hidden = event === null || found === null;
    if (event === null || found === null) return;
    const { row, pane, hit } = found;
    const lines = pointed(row.slot, row.recorded.run, pane, hit);
    this.#tip.replaceChildren(...lines.map((line) => element("div", {}, line)));
    const outer = this.element.getBoundingClientRect();
    const [tipX, tipY] = [event.clientX - outer.left, event.clientY - outer.top];
    const shift = Math.min(tipX + 14, Math.max(0, outer.width - this.#tip.offsetWidth - 4));
    this.#tip.style.transform = `translate(${shift}px, ${tipY + 18}px)`;
  }
}

function title(before: HTMLElement | string, name: string, time = ""): HTMLElement {
  return element(
    "p",
    { class: "pane-title" },
    before,
    element("strong", {}, name),
    element("span", { class: "time" }, time),
  );
}

/** The most that each may have of the room: who wants less leaves the rest to the others. */
function fairShare(wanted: readonly number[], room: number): number {
  const ascending = wanted.toSorted((a, b) => a - b);
  let left = room;
  for (const [index, one] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (one > share) return share;
    left -= one;
  }
  return Infinity;
}
