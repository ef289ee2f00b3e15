/** A program: what it took, its source, its output, and the buttons that run it. */
import type { VNode } from "preact";
import type { Slot } from "../slot.ts";
import { SourceView } from "../source/source-view.tsx";
import type { Studio } from "../studio.ts";
import { Figures } from "./figures.tsx";
import { Output } from "./output.tsx";
import { saveTrace } from "./save-trace.ts";

export interface SlotProps {
  readonly studio: Studio;
  readonly slot: Slot;
}

export function ProgramCard({ studio, slot }: SlotProps): VNode {
  const isSelected = studio.selected === slot;
  return (
    <article
      class={`card program-card ${isSelected ? "selected" : ""}`}
      aria-label={`Program ${slot.letter}: ${slot.name}`}
      aria-current={isSelected}
      onClickCapture={() => studio.select(slot)}
      onFocusCapture={() => studio.select(slot)}
    >
      <header>
        <span class="letter" aria-hidden="true">
          {slot.letter}
        </span>
        <h2 title={slot.file ?? slot.name}>{slot.name}</h2>
        {slot.isVirtual && <span class="badge">virtual time</span>}
        {slot.isEdited && <span class="badge">edited</span>}
        {slot.isSaved && <span class="badge">saved trace</span>}
        <span class="space" />
        {!slot.isSaved && <RunButton studio={studio} slot={slot} />}
        <More studio={studio} slot={slot} />
      </header>
      <Figures slot={slot} />
      <ErrorNote studio={studio} slot={slot} />
      <SourceView key={slot.shownFile} studio={studio} slot={slot} />
      {!slot.isSaved && <Output slot={slot} />}
    </article>
  );
}

function RunButton({ studio, slot }: SlotProps): VNode {
  if (slot.isBusy) {
    return (
      <button type="button" class="stop" disabled={slot.state === "stopping"} onClick={() => studio.stop(slot)}>
        ■ {slot.state === "stopping" ? "Stopping…" : "Stop"}
      </button>
    );
  }
  return (
    <button
      type="button"
      class="run"
      disabled={!studio.isConnected}
      title="Ctrl Enter"
      onClick={() => studio.run(slot)}
    >
      ▶ Run
    </button>
  );
}

/** What is done less often. */
function More({ studio, slot }: SlotProps): VNode {
  return (
    <details class="more">
      <summary aria-label={`More about ${slot.letter}`} title="More">
        ⋯
      </summary>
      <div class="more-items">
        {!slot.isSaved && (
          <label class="check" title="Sleeps take no time, and all clocks say that they did">
            <input
              type="checkbox"
              checked={slot.isVirtual}
              onChange={({ currentTarget }) => {
                slot.isVirtual = currentTarget.checked;
                studio.touched();
              }}
            />
            Run under virtual time
          </label>
        )}
        {slot.recorded !== null && (
          <button type="button" onClick={() => saveTrace(slot.name, slot.recorded!.trace)}>
            Save trace
          </button>
        )}
        <button type="button" onClick={() => studio.remove(slot)}>
          Close
        </button>
      </div>
    </details>
  );
}

/** What was wrong with the program. In the source it stands at its line as well. */
function ErrorNote({ slot }: SlotProps): VNode | null {
  const error = slot.ended?.error ?? null;
  if (error === null) return null;
  const { message, file, line, column } = error;
  const isOwn = file === null || file === slot.ownFile;
  const place =
    line === null
      ? ""
      : isOwn
        ? `line ${line}${column === null ? "" : `, column ${column}`}`
        : slot.placeInWords({ function: "", file: file!, line, column: column ?? 0 });
  return (
    <p class="error" role="status">
      <span aria-hidden="true">✕ </span>
      {message}
      {place !== "" && <span class="quiet"> at {place}</span>}
    </p>
  );
}
