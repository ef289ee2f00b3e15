/** `Editor`: the source of a program, in CodeMirror, with marks where it runs, where tasks wait, and where an error is. */
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";
import type { Language } from "../../protocol.ts";
import { look } from "./look.ts";
import { marking, setMarks } from "./marks.ts";
import type { Marks } from "./marks-of.ts";

export interface EditorOptions {
  readonly language: Language;
  /** What screen readers call it. */
  readonly label: string;
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly edited: (text: string) => void;
  readonly run: () => void;
}

export class Editor {
  readonly #view: EditorView;
  #marked = "";
  #line = 0;

  constructor(parent: HTMLElement, { language, label, text, isReadOnly, edited, run }: EditorOptions) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          // First, so that nothing else takes the key.
          keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
          marking,
          basicSetup,
          language === "python" ? python() : javascript({ typescript: true }),
          look,
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) edited(state.doc.toString());
          }),
        ],
      }),
    });
  }

  /** Marks, and brings the line that runs into sight. */
  mark(marks: Marks): void {
    const { doc } = this.#view.state;
    // While it plays, most moments mark the same.
    const marked = JSON.stringify({ ...marks, waiting: [...marks.waiting] });
    if (marked === this.#marked) return;
    this.#marked = marked;
    const line = marks.running?.line ?? marks.error?.line ?? 0;
    const isNew = line !== this.#line && line >= 1 && line <= doc.lines;
    this.#line = line;
    this.#view.dispatch({ effects: setMarks.of(marks) });
    if (isNew) this.#reveal(doc.line(line).from);
  }

  dispose(): void {
    this.#view.destroy();
  }

  /** Within the editor only: the page stays where it is. */
  #reveal(position: number): void {
    const { scrollDOM } = this.#view;
    const { top, bottom } = this.#view.lineBlockAt(position);
    const isInSight = top >= scrollDOM.scrollTop && bottom <= scrollDOM.scrollTop + scrollDOM.clientHeight;
    if (!isInSight) scrollDOM.scrollTop = top - scrollDOM.clientHeight / 2;
  }
}
