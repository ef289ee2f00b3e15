/** The source of a program, or of another file that its trace names, with what the cursor of time marks in it. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SlotProps } from "../shell/program-card.tsx";
import type { Editor } from "./editor.ts";
import { marksOf } from "./marks-of.ts";

export function SourceView({ studio, slot }: SlotProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const { shownFile } = slot;
  const isOwn = shownFile === null;
  const text = isOwn ? slot.text : textOf(slot.recorded?.trace.sources ?? [], shownFile);

  useEffect(() => {
    let made: Editor | null = null;
    let isGone = false;
    // The page is there before the editor, which is the most of its code.
    void import("./editor.ts").then(({ Editor }) => {
      if (isGone) return;
      made = new Editor(place.current!, {
        language: slot.language,
        label: `Source of ${slot.letter}: ${isOwn ? slot.name : shownFile}`,
        text,
        isReadOnly: !isOwn || slot.isSaved,
        edited: (edited) => {
          slot.text = edited;
          studio.touched();
        },
        run: () => studio.run(slot),
      });
      setEditor(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, [slot]);

  useEffect(() => {
    const mark = (): void => editor?.mark(marksOf(slot, studio.playhead.momentOf(slot)));
    mark();
    return studio.listen((change) => change !== "window" && mark());
  }, [editor, slot]);

  const others = (slot.recorded?.trace.sources ?? []).filter(({ file }) => file !== slot.ownFile);
  return (
    <div class="source">
      {others.length > 0 && (
        <label class="files">
          <span class="visually-hidden">File</span>
          <select
            value={shownFile ?? ""}
            onChange={({ currentTarget: { value } }) => {
              slot.shownFile = value === "" ? null : value;
              studio.touched();
            }}
          >
            <option value="">{slot.name}</option>
            {others.map(({ file }) => (
              <option key={file} value={file}>
                {file}
              </option>
            ))}
          </select>
        </label>
      )}
      {text === "" && slot.isSaved ? (
        <p class="quiet no-source">The trace has no source: its run was not recorded with lines.</p>
      ) : (
        <div ref={place} class="editor">
          {editor === null && (
            <pre class="before-editor" tabIndex={0} aria-label={`Source of ${slot.letter}`}>
              {text}
            </pre>
          )}
        </div>
      )}
    </div>
  );
}

function textOf(sources: readonly { file: string; text: string }[], file: string): string {
  return sources.find((source) => source.file === file)?.text ?? "";
}
