/** How marks look in the editor: coloured lines, signs in the margin, an error's text beneath its line. */
import { type Extension, RangeSet, StateEffect, StateField, type EditorState, type Range } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, gutter, GutterMarker, WidgetType } from "@codemirror/view";
import type { Marks } from "./marks-of.ts";

export const setMarks: ReturnType<typeof StateEffect.define<Marks>> = StateEffect.define<Marks>();

interface Marked {
  readonly lines: DecorationSet;
  readonly margin: RangeSet<GutterMarker>;
}

const marked = StateField.define<Marked>({
  create: () => ({ lines: Decoration.none, margin: RangeSet.empty }),
  update: (before, { state, effects, changes }) => {
    const wanted = effects.findLast((effect) => effect.is(setMarks));
    if (wanted !== undefined) return draw(state, wanted.value as Marks);
    return changes.empty ? before : { lines: before.lines.map(changes), margin: before.margin.map(changes) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ lines }) => lines),
});

/** A mark in the margin. */
class Sign extends GutterMarker {
  readonly #text: string;
  readonly #title: string;
  override readonly elementClass: string;

  constructor(text: string, title: string, isBad = false) {
    super();
    this.elementClass = isBad ? "bad-sign" : "";
    this.#text = text;
    this.#title = title;
  }

  override eq(other: Sign): boolean {
    return other.#text === this.#text && other.#title === this.#title;
  }

  override toDOM(): Node {
    const sign = document.createElement("span");
    sign.textContent = this.#text;
    sign.title = this.#title;
    return sign;
  }
}

const spacer = new Sign("▶", "");

/** What is wrong, beneath the line. */
class ErrorText extends WidgetType {
  readonly #message: string;

  constructor(message: string) {
    super();
    this.#message = message;
  }

  override eq(other: ErrorText): boolean {
    return other.#message === this.#message;
  }

  override toDOM(): HTMLElement {
    const text = document.createElement("div");
    text.className = "error-text";
    text.textContent = this.#message;
    return text;
  }
}

function draw(state: EditorState, { running, waiting, error }: Marks): Marked {
  const at = (line: number): number | null => (line >= 1 && line <= state.doc.lines ? state.doc.line(line).from : null);
  const lines: Range<Decoration>[] = [];
  const margin: Range<GutterMarker>[] = [];
  for (const [line, names] of waiting) {
    const from = at(line);
    if (from === null || line === running?.line) continue;
    margin.push(new Sign("○", `${names.join(", ")} ${names.length === 1 ? "waits" : "wait"} here`).range(from));
  }
  const runs = running === null ? null : at(running.line);
  if (running !== null && runs !== null) {
    lines.push(Decoration.line({ class: running.isBlocking ? "line-blocks" : "line-runs" }).range(runs));
    margin.push((running.isBlocking ? new Sign("■", "blocks the thread", true) : new Sign("▶", "runs")).range(runs));
  }
  const fails = error === null ? null : at(error.line);
  if (error !== null && fails !== null) {
    lines.push(Decoration.line({ class: "line-fails" }).range(fails));
    const { to } = state.doc.lineAt(fails);
    lines.push(Decoration.widget({ widget: new ErrorText(error.message), block: true, side: 1 }).range(to));
    margin.push(new Sign("✕", error.message, true).range(fails));
  }
  return { lines: Decoration.set(lines, true), margin: RangeSet.of(margin, true) };
}

export const marking: Extension = [
  marked,
  gutter({
    class: "signs",
    markers: ({ state }) => state.field(marked).margin,
    initialSpacer: () => spacer,
  }),
];
