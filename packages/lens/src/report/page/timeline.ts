/** The two timelines, one under the other on one time axis, with their ruler; one frame at a time is drawn. */
import { counted, inWords } from "../../analysis/figures.ts";
import { inUnits } from "../units.ts";
import { element } from "./dom.ts";
import type { Explorer, Selection } from "./explorer.ts";
import { attachGestures } from "./gestures.ts";
import { handleKey } from "./keys.ts";
import { actualLanes, predictedLanes, READY, RUNS } from "./lanes.ts";
import { LANE_HEIGHT } from "./draw.ts";
import { widthOf } from "./label.ts";
import { Pane, type Hit } from "./pane.ts";
import { moment, ticks } from "./scale.ts";
import { readTheme, type Theme } from "./theme.ts";
import { blockedText, nameOf, waitText } from "./words.ts";

const RULER_HEIGHT = 26;

export class Timeline {
  readonly element: HTMLElement;
  readonly #explorer: Explorer;
  readonly #panes: readonly Pane[];
  readonly #stage: HTMLElement;
  readonly #ruler: HTMLCanvasElement = element("canvas", { class: "ruler", "aria-hidden": "true" });
  readonly #tip: HTMLElement = element("div", { class: "tip", "aria-hidden": "true", hidden: true });
  readonly #hair: HTMLElement = element("div", { class: "hair", "aria-hidden": "true", hidden: true });
  #theme: Theme | null = null;
  #width = 0;
  #isDue = false;

  constructor(explorer: Explorer) {
    this.#explorer = explorer;
    const { run } = explorer;
    const { data } = run;
    const actual = new Pane(run, actualLanes(run), false, paneTitle("As it ran", inUnits(data.duration), ""));
    const gains = run.steps.count > 0 && run.blocked.length > 0;
    const whatIf = gains
      ? [
          new Pane(
            run,
            predictedLanes(run),
            true,
            paneTitle("If it had yielded", inUnits(data.prediction.seconds), whatIfText(explorer)),
          ),
        ]
      : [];
    this.#panes = [actual, ...whatIf];
    this.#stage = element(
      "div",
      {
        class: "stage",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "timeline",
        "aria-label": `Timeline of ${counted(run.tasks.length, "task")}. The keys are listed below it; the tasks are a table at the end of the page.`,
        "aria-keyshortcuts": "ArrowLeft ArrowRight ArrowUp ArrowDown + - 0 Home End N P B Enter Escape",
        keydown: (event) => {
          if (handleKey(explorer, event as KeyboardEvent)) event.preventDefault();
        },
      },
      this.#ruler,
      ...this.#panes.map((pane) => pane.element),
      this.#hair,
    );
    this.element = element("div", { class: "timeline" }, this.#stage, this.#tip);
    this.#attach();
  }

  /** Before the next frame, however often it is asked for. */
  redraw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  focus(): void {
    this.#stage.focus();
  }

  revealLane(): void {
    for (const pane of this.#panes) pane.revealLane(this.#explorer.lane);
    this.redraw();
  }

  #attach(): void {
    attachGestures(this.#stage, {
      view: this.#explorer.view,
      axis: () => ({ left: this.#left, right: this.#width }),
      scroll: (pixels) => this.#scrollTo(this.#panes[0]!.scroller.scrollTop + pixels),
      click: (event) => this.#click(event),
      hover: (event) => this.#hover(event),
    });
    for (const { scroller } of this.#panes) {
      scroller.addEventListener("scroll", () => this.#scrollTo(scroller.scrollTop), { passive: true });
    }
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
    window.addEventListener("resize", () => this.#resize());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#theme = null;
      this.redraw();
    });
  }

  /** Where the time axis begins: right of the names. */
  get #left(): number {
    return Math.round(Math.min(190, this.#width * 0.3));
  }

  /** The timelines show the same lanes. */
  #scrollTo(top: number): void {
    for (const { scroller } of this.#panes) if (Math.abs(scroller.scrollTop - top) >= 1) scroller.scrollTop = top;
    this.redraw();
  }

  #resize(): void {
    this.#theme = null;
    // Two panes and what is around them fit the window; at least a few lanes of each are seen.
    const most = Math.max(4.5 * LANE_HEIGHT, (window.innerHeight * 0.72) / this.#panes.length);
    for (const pane of this.#panes) pane.setHeight(Math.round(most));
    this.#width = Math.min(...this.#panes.map(({ scroller }) => scroller.clientWidth));
    for (const pane of this.#panes) pane.setWidth(this.#width, devicePixelRatio);
    this.#ruler.style.width = `${this.#width}px`;
    this.#ruler.style.height = `${RULER_HEIGHT}px`;
    this.#ruler.width = Math.round(this.#width * devicePixelRatio);
    this.#ruler.height = Math.round(RULER_HEIGHT * devicePixelRatio);
    this.#draw();
  }

  #draw(): void {
    if (this.#width === 0) return;
    this.#theme ??= readTheme(devicePixelRatio);
    this.#drawRuler(this.#theme);
    for (const pane of this.#panes) pane.draw(this.#theme, this.#explorer, this.#left, devicePixelRatio);
  }

  #drawRuler(theme: Theme): void {
    const context = this.#ruler.getContext("2d", { alpha: false })!;
    const left = this.#left;
    const { from, to } = this.#explorer.view.window;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.fillStyle = theme.gutter;
    context.fillRect(0, 0, this.#width, RULER_HEIGHT);
    context.font = theme.font;
    context.textBaseline = "middle";
    for (const { at, label } of ticks({ from, to }, this.#width - left, 110)) {
      const x = Math.round(left + ((at - from) / (to - from)) * (this.#width - left));
      context.fillStyle = theme.line;
      context.fillRect(x, RULER_HEIGHT - 7, 1, 7);
      context.fillStyle = theme.muted;
      const fits = x + 5 + widthOf(context, label) < this.#width;
      context.fillText(label, fits ? x + 5 : x - 5 - widthOf(context, label), RULER_HEIGHT / 2);
    }
    this.#drawOverview(context, theme, left);
  }

  /** In the corner: which part of the run is shown, and where it was blocked. */
  #drawOverview(context: CanvasRenderingContext2D, theme: Theme, left: number): void {
    const { run, view } = this.#explorer;
    const [x, y, width, height] = [10, 9, left - 24, 8];
    const scale = width / view.extent;
    context.fillStyle = theme.line;
    context.fillRect(x, y, width, height);
    context.fillStyle = theme.blocked;
    let filled = -1;
    for (const { begin, end } of run.blocked) {
      const to = Math.ceil(end * scale);
      if (to <= filled) continue;
      context.fillRect(x + begin * scale, y + 2, Math.max(1, (end - begin) * scale), height - 4);
      filled = to;
    }
    context.strokeStyle = theme.accent;
    context.lineWidth = 1.5;
    context.strokeRect(x + view.window.from * scale, y - 1, Math.max(3, view.span * scale), height + 2);
  }

  #hit(event: PointerEvent): { pane: Pane; hit: Hit } | null {
    for (const pane of this.#panes) {
      const box = pane.canvas.getBoundingClientRect();
      if (event.clientY < box.top || event.clientY >= box.bottom) continue;
      const hit = pane.at(event.clientX - box.left, event.clientY - box.top);
      if (hit !== null) return { pane, hit };
    }
    return null;
  }

  #click(event: PointerEvent): void {
    const found = this.#hit(event);
    if (found === null) return;
    const { pane, hit } = found;
    this.#explorer.select(selectionAt(pane, hit), hit.lane);
  }

  #hover(event: PointerEvent | null): void {
    const found = event === null ? null : this.#hit(event);
    const left = this.#left;
    const box = this.#stage.getBoundingClientRect();
    const x = event === null ? -1 : event.clientX - box.left;
    this.#hair.hidden = event === null || x < left || x > this.#width;
    if (!this.#hair.hidden) {
      const { from } = this.#explorer.view.window;
      const perPixel = this.#explorer.view.span / (this.#width - left);
      this.#hair.style.transform = `translateX(${Math.round(x)}px)`;
      this.#hair.classList.toggle("flipped", x > this.#width - 110);
      this.#hair.dataset["time"] = moment(from + (x - left) * perPixel, perPixel);
    }
    this.#tip.hidden = event === null || found === null;
    if (event === null || found === null) return;
    this.#tip.replaceChildren(
      ...tipLines(this.#explorer, found.pane, found.hit).map((line) => element("div", {}, line)),
    );
    const outer = this.element.getBoundingClientRect();
    const [tipX, tipY] = [event.clientX - outer.left, event.clientY - outer.top];
    const shift = Math.min(tipX + 14, Math.max(0, outer.width - this.#tip.offsetWidth - 4));
    this.#tip.style.transform = `translate(${shift}px, ${tipY + 18}px)`;
  }
}

function paneTitle(title: string, time: string, note: string): HTMLElement {
  return element(
    "p",
    { class: "pane-title" },
    element("strong", {}, title),
    " ",
    element("span", { class: "time" }, time),
    " ",
    note,
  );
}

function whatIfText({ run }: Explorer): string {
  const { yielded, inWorker } = run.data.prediction;
  const waits = yielded > 0 ? [`${inUnits(yielded)} of sleeping beside the thread`] : [];
  const works = inWorker > 0 ? [`${inUnits(inWorker)} of computing in a worker`] : [];
  return [...waits, ...works].join(", ");
}

/** What a click selects: a gap belongs to the step before it. */
function selectionAt({ lanes }: Pane, hit: Hit): Selection | null {
  if (hit.isName) return hit.lane === 0 ? null : { kind: "task", index: hit.lane - 1 };
  if (hit.blocked !== null) return { kind: "blocked", index: hit.blocked.index };
  const at = hit.interval >= 0 ? hit.interval : hit.next - 1;
  if (at >= lanes.first(hit.lane) && at < lanes.last(hit.lane)) {
    if (hit.interval >= 0 || hit.lane > 0) return { kind: "step", index: lanes.step[at]! };
  }
  return hit.lane === 0 ? null : { kind: "task", index: hit.lane - 1 };
}

/** What the pointer is over, in words. */
function tipLines({ run }: Explorer, { lanes, isWhatIf }: Pane, hit: Hit): string[] {
  const { cwd } = run.data.program;
  const task = run.tasks[hit.lane - 1];
  const name =
    task === undefined ? "loop" : task.coro === "" || task.coro === task.name ? task.name : `${task.name} ${task.coro}`;
  if (hit.isName) return [name];
  if (hit.blocked !== null) {
    const { blame } = hit.blocked;
    return [
      `${name}: ${blockedText(hit.blocked)}`,
      blame === null ? "it is not known where" : `at ${inWords(blame, cwd)}`,
    ];
  }
  if (hit.interval < 0) {
    if (task === undefined) return ["loop: nothing runs"];
    const from = hit.next === lanes.first(hit.lane) ? lanes.from[hit.lane]! : lanes.end[hit.next - 1]!;
    const to = hit.next === lanes.last(hit.lane) ? lanes.to[hit.lane]! : lanes.begin[hit.next]!;
    if (!(to > from)) return [name];
    return [name, `${waitText(run, lanes, hit.lane, hit.next, isWhatIf)}, ${inUnits(to - from)}`];
  }
  const step = lanes.step[hit.interval]!;
  const length = inUnits(lanes.end[hit.interval]! - lanes.begin[hit.interval]!);
  const kind = lanes.kind[hit.interval];
  const owner = hit.lane === 0 ? nameOf(run, step) : name;
  if (kind === RUNS) return [owner, `${isWhatIf ? "would run" : "ran"} ${length}`];
  if (kind === READY) return [owner, `ready, waited ${length} for its turn`];
  return [owner, `away ${length}: what blocked, now beside the thread`];
}
