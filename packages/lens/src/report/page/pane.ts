/** `Pane`: one timeline, with a lane for the loop and one for each task, of which only those in sight are drawn. */
import { drawLane, LANE_HEIGHT, topOf, visibleLanes, xOf, type Scene } from "./draw.ts";
import { drawBands, drawBlocked, drawPath, lanesOf } from "./draw-over.ts";
import { element } from "./dom.ts";
import type { Explorer } from "./explorer.ts";
import { fit, label, widthOf } from "./label.ts";
import type { Lanes } from "./lanes.ts";
import type { Run, RunBlocked } from "./run.ts";
import { ticks } from "./scale.ts";
import type { Theme } from "./theme.ts";
import { inUnits } from "../units.ts";

/** What there is at a point of a pane. */
export interface Hit {
  readonly lane: number;
  /** Over the names, beside the time axis. */
  readonly isName: boolean;
  readonly blocked: RunBlocked | null;
  /** The interval there, -1 between intervals. */
  readonly interval: number;
  /** The first interval that ends after the point. */
  readonly next: number;
}

export class Pane {
  readonly element: HTMLElement;
  readonly scroller: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly lanes: Lanes;
  readonly isWhatIf: boolean;
  readonly #context: CanvasRenderingContext2D;
  readonly #run: Run;
  readonly #spacer: HTMLElement = element("div");
  readonly #range: HTMLElement = element("span", { class: "range" });
  #height = 0;
  #width = 0;
  #scene: Scene | null = null;

  constructor(run: Run, lanes: Lanes, isWhatIf: boolean, title: HTMLElement) {
    this.#run = run;
    this.lanes = lanes;
    this.isWhatIf = isWhatIf;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.scroller = element("div", { class: "lanes", tabindex: "-1" }, this.canvas, this.#spacer);
    title.append(this.#range);
    this.element = element("div", { class: "pane" }, title, this.scroller);
    this.#context = this.canvas.getContext("2d", { alpha: false })!;
  }

  /** Before its width is known: whether there is a scroll bar beside the lanes depends on their height. */
  setHeight(most: number): void {
    const total = this.lanes.count * LANE_HEIGHT;
    this.#height = Math.min(total, most);
    this.scroller.style.height = `${this.#height}px`;
    this.canvas.style.height = `${this.#height}px`;
    this.#spacer.style.height = `${total - this.#height}px`;
  }

  setWidth(width: number, pixelRatio: number): void {
    this.#width = width;
    this.canvas.style.width = `${width}px`;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(this.#height * pixelRatio);
  }

  draw(theme: Theme, explorer: Explorer, left: number, pixelRatio: number): void {
    const context = this.#context;
    const scene: Scene = {
      context,
      theme,
      run: this.#run,
      lanes: this.lanes,
      window: explorer.view.window,
      left,
      right: this.#width,
      height: this.#height,
      scrolled: this.scroller.scrollTop,
      isWhatIf: this.isWhatIf,
    };
    this.#scene = scene;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.textBaseline = "middle";
    context.fillStyle = theme.ground;
    context.fillRect(0, 0, this.#width, this.#height);

    const [first, last] = visibleLanes(scene);
    this.#drawGround(scene, first, last, explorer.lane);
    drawBands(scene);
    this.#drawEnd(scene);
    for (let lane = first; lane < last; lane++) drawLane(scene, lane);
    drawBlocked(scene, [first, last]);
    drawPath(scene);
    this.#drawSelection(scene, explorer);
    this.#drawNames(scene, first, last, explorer.lane);
    const isPart = this.lanes.count * LANE_HEIGHT > this.#height;
    this.#range.textContent = isPart
      ? `lanes ${first + 1} to ${last} of ${this.lanes.count.toLocaleString("en-GB")}`
      : "";
  }

  /** What is there; null outside the lanes. */
  at(x: number, y: number): Hit | null {
    const scene = this.#scene;
    if (scene === null) return null;
    const lane = Math.floor((y + scene.scrolled) / LANE_HEIGHT);
    if (lane < 0 || lane >= this.lanes.count) return null;
    const { lanes } = this;
    const perPixel = (scene.window.to - scene.window.from) / (scene.right - scene.left);
    const time = scene.window.from + (x - scene.left) * perPixel;
    const last = lanes.last(lane);
    const next = lanes.firstAfter(time, lanes.first(lane), last);
    const near = (at: number): number => {
      if (at < lanes.first(lane) || at >= last) return Infinity;
      return Math.max(0, lanes.begin[at]! - time, time - lanes.end[at]!);
    };
    const nearest = near(next) <= near(next - 1) ? next : next - 1;
    const isBlocked = (one: RunBlocked): boolean =>
      time >= one.begin - 2 * perPixel && time <= one.end + 2 * perPixel && lanesOf(this.#run, one).includes(lane);
    return {
      lane,
      isName: x < scene.left,
      blocked: this.isWhatIf ? null : (this.#run.blocked.find(isBlocked) ?? null),
      interval: near(nearest) <= 3 * perPixel ? nearest : -1,
      next,
    };
  }

  /** Scrolls until a lane is in sight. */
  revealLane(lane: number): void {
    const top = lane * LANE_HEIGHT;
    const { scrollTop } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + LANE_HEIGHT > scrollTop + this.#height) this.scroller.scrollTop = top + LANE_HEIGHT - this.#height;
  }

  #drawGround(scene: Scene, first: number, last: number, selected: number): void {
    const { context, theme } = scene;
    for (let lane = first; lane < last; lane++) {
      if (lane !== selected && lane % 2 === 1) continue;
      context.fillStyle = lane === selected ? theme.selected : theme.zebra;
      context.fillRect(0, topOf(scene, lane), this.#width, LANE_HEIGHT);
    }
    context.fillStyle = theme.line;
    for (const { at } of ticks(scene.window, scene.right - scene.left, 110)) {
      context.fillRect(Math.round(xOf(scene, at)), 0, 1, this.#height);
    }
  }

  /** Where the run ends; under the what-if, what it gains. */
  #drawEnd(scene: Scene): void {
    const { context, theme } = scene;
    const { duration, prediction } = this.#run.data;
    const end = this.isWhatIf ? prediction.seconds : duration;
    const x = xOf(scene, end);
    if (x > scene.right) return;
    const gain = this.isWhatIf ? duration - prediction.seconds : 0;
    const begin = Math.max(scene.left, x);
    if (gain > 0) {
      context.fillStyle = theme.gainFill;
      context.fillRect(begin, 0, Math.min(scene.right, xOf(scene, duration)) - begin, this.#height);
    }
    context.fillStyle = gain > 0 ? theme.gain : theme.muted;
    if (x >= scene.left) context.fillRect(x - 1, 0, 2, this.#height);
    if (gain <= 0) return;
    const middle = this.#height / 2;
    context.font = theme.boldFont;
    const right = Math.min(scene.right, xOf(scene, duration));
    const text = [`${inUnits(gain)} less`, `−${inUnits(gain)}`].find(
      (one) => widthOf(context, one) < right - begin - 14,
    );
    if (text === undefined) return;
    const left = (begin + right - widthOf(context, text)) / 2;
    context.fillStyle = theme.ground;
    context.fillRect(left - 6, middle - 11, widthOf(context, text) + 12, 22);
    context.fillStyle = theme.gain;
    context.fillText(text, left, middle);
  }

  #drawSelection(scene: Scene, { selection, selectedStep, run, lane }: Explorer): void {
    if (selection === null || selection.kind === "task") return;
    const { context, theme, lanes } = scene;
    const mark = (begin: number, end: number, inLane: number): void => {
      const [x0, x1] = [xOf(scene, begin), xOf(scene, end)];
      if (x1 < scene.left || x0 > scene.right) return;
      const [left, right] = [Math.max(scene.left - 4, x0 - 2), Math.min(scene.right + 4, Math.max(x1, x0 + 1) + 2)];
      context.strokeStyle = theme.ground;
      context.lineWidth = 5;
      context.strokeRect(left, topOf(scene, inLane) + 2.5, right - left, LANE_HEIGHT - 5);
      context.strokeStyle = theme.accent;
      context.lineWidth = 2.5;
      context.strokeRect(left, topOf(scene, inLane) + 2.5, right - left, LANE_HEIGHT - 5);
    };
    if (!this.isWhatIf) {
      const { begin, end } =
        selection.kind === "step"
          ? { begin: run.steps.begin[selection.index]!, end: run.steps.end[selection.index]! }
          : run.blocked[selection.index]!;
      mark(begin, end, lane);
      return;
    }
    if (selectedStep < 0) return;
    const inLane = 1 + run.steps.task[selectedStep]!;
    let from = lanes.firstAfter(scene.window.from, lanes.first(inLane), lanes.last(inLane));
    for (; from < lanes.last(inLane) && lanes.begin[from]! <= scene.window.to; from++) {
      if (lanes.step[from] === selectedStep) mark(lanes.begin[from]!, lanes.end[from]!, inLane);
    }
  }

  #drawNames(scene: Scene, first: number, last: number, selected: number): void {
    const { context, theme, left } = scene;
    context.fillStyle = theme.gutter;
    context.fillRect(0, 0, left, this.#height);
    for (let lane = first; lane < last; lane++) {
      const middle = topOf(scene, lane) + LANE_HEIGHT / 2;
      if (lane === selected) {
        context.fillStyle = theme.selected;
        context.fillRect(0, middle - LANE_HEIGHT / 2, left, LANE_HEIGHT);
        context.fillStyle = theme.accent;
        context.fillRect(0, middle - LANE_HEIGHT / 2, 3, LANE_HEIGHT);
      }
      const task = this.#run.tasks[lane - 1];
      context.font = task === undefined || lane === selected ? theme.boldFont : theme.font;
      context.fillStyle = theme.text;
      const name = fit(context, task?.name ?? "loop", left - 20);
      context.fillText(name, 10, middle + 0.5);
      if (task === undefined || task.coro === "" || task.coro === task.name) continue;
      const after = 10 + widthOf(context, name) + 8;
      context.font = theme.font;
      context.fillStyle = theme.muted;
      label(context, task.coro, after, left - 8, middle + 0.5);
    }
    context.fillStyle = theme.line;
    context.fillRect(left - 1, 0, 1, this.#height);
  }
}
