/** What keys do on the timelines. Tab is not among them, so that nobody is held there. */
import type { Explorer } from "./explorer.ts";

/** In words, as the page shows them. */
export const KEYS: readonly (readonly [string, string])[] = [
  ["←  →", "pan"],
  ["+  −", "zoom"],
  ["0", "show the whole run"],
  ["Home  End", "to the beginning, to the end"],
  ["↑  ↓", "to the lane above, below"],
  ["Page Up  Page Down", "ten lanes up, down"],
  ["N  P", "to the next step of the lane, to the one before"],
  ["B  Shift B", "to the next blocked stretch, to the one before"],
  ["Enter", "zoom to what is selected"],
  ["Esc", "select nothing"],
];

/** Whether the key meant something. */
export function handleKey(explorer: Explorer, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { view } = explorer;
  switch (event.key) {
    case "ArrowLeft":
      view.pan(-view.span / 8);
      return true;
    case "ArrowRight":
      view.pan(view.span / 8);
      return true;
    case "ArrowUp":
      explorer.moveLane(-1);
      return true;
    case "ArrowDown":
      explorer.moveLane(1);
      return true;
    case "PageUp":
      explorer.moveLane(-10);
      return true;
    case "PageDown":
      explorer.moveLane(10);
      return true;
    case "+":
    case "=":
      view.zoom(1.6);
      return true;
    case "-":
    case "_":
      view.zoom(1 / 1.6);
      return true;
    case "0":
      view.show(0, view.extent);
      return true;
    case "Home":
      view.show(0, view.span);
      return true;
    case "End":
      view.show(view.extent - view.span, view.extent);
      return true;
    case "n":
    case ".":
      explorer.step(1);
      return true;
    case "p":
    case ",":
      explorer.step(-1);
      return true;
    case "b":
      explorer.blocked(1);
      return true;
    case "B":
      explorer.blocked(-1);
      return true;
    case "Enter":
      explorer.zoomToSelection();
      return true;
    case "Escape":
      explorer.select(null);
      return true;
    default:
      return false;
  }
}
