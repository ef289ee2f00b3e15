/** Wheel, drag and pinch on the timelines. */
import type { View } from "./scale.ts";

export interface GestureTarget {
  readonly view: View;
  /** The pixels of the time axis within the element. */
  axis(): { left: number; right: number };
  /** Scrolls the lanes. */
  scroll(pixels: number): void;
  click(event: PointerEvent): void;
  hover(event: PointerEvent | null): void;
}

/** Pixels that a pointer may move in a click. */
const STILL = 4;

/** @param signal - ends the listening outside of the surface. */
export function attachGestures(surface: HTMLElement, target: GestureTarget, signal?: AbortSignal): void {
  const { view } = target;
  const pointers = new Map<number, PointerEvent>();
  let moved = 0;
  let pageScrolled = -Infinity;

  const timeAt = (clientX: number): number => {
    const { left, right } = target.axis();
    const { from, to } = view.window;
    return from + ((clientX - surface.getBoundingClientRect().left - left) / (right - left)) * (to - from);
  };
  const secondsPerPixel = (): number => view.span / (target.axis().right - target.axis().left);
  const isOverAxis = (event: MouseEvent): boolean =>
    event.clientX - surface.getBoundingClientRect().left >= target.axis().left;

  const options = { passive: true, ...(signal === undefined ? {} : { signal }) };
  window.addEventListener("scroll", () => (pageScrolled = performance.now()), options);

  surface.addEventListener(
    "wheel",
    (event) => {
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
      const [deltaX, deltaY] = [event.deltaX * unit, event.deltaY * unit];
      const isPinch = event.ctrlKey || event.metaKey;
      const sideways = Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : event.shiftKey ? deltaY : 0;
      if (!isPinch && sideways !== 0) {
        view.pan(sideways * secondsPerPixel());
      } else if (isPinch) {
        view.zoom(Math.exp(-deltaY * 0.01), timeAt(event.clientX));
      } else {
        // Who scrolls the page past the timelines, or wants to, shall get past.
        const passes = performance.now() - pageScrolled < 300 || (view.isWhole && deltaY > 0);
        if (passes || !isOverAxis(event)) return;
        view.zoom(Math.exp(-deltaY * 0.002), timeAt(event.clientX));
      }
      event.preventDefault();
    },
    { passive: false },
  );

  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.offsetX > (event.target as HTMLElement).clientWidth) return;
    pointers.set(event.pointerId, event);
    moved = pointers.size > 1 ? Infinity : 0;
  });

  surface.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") target.hover(event);
      return;
    }
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    const other = [...pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    if (other !== undefined) {
      const apart = (one: PointerEvent): number => Math.max(20, Math.abs(one.clientX - other.clientX));
      view.zoom(apart(event) / apart(before), timeAt((event.clientX + other.clientX) / 2));
      view.pan((-dx / 2) * secondsPerPixel());
    } else {
      moved += Math.abs(dx) + Math.abs(dy);
      if (moved <= STILL) return;
      // From here on the pointer belongs to the drag, wherever it goes.
      surface.setPointerCapture(event.pointerId);
      surface.classList.add("dragging");
      target.hover(null);
      view.pan(-dx * secondsPerPixel());
      if (event.pointerType === "mouse") target.scroll(-dy);
    }
    pointers.set(event.pointerId, event);
  });

  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    surface.classList.remove("dragging");
    if (event.type === "pointerup" && moved <= STILL) target.click(event);
  };
  surface.addEventListener("pointerup", release);
  surface.addEventListener("pointercancel", release);
  surface.addEventListener("pointerleave", () => target.hover(null));
}
