/** What a program's loop holds at the cursor: the baton, the ready queue, the timers, who waits for what. */
import type { VNode } from "preact";
import { useChange } from "../shell/use-change.ts";
import type { Slot } from "../slot.ts";
import type { Studio } from "../studio.ts";
import { inOneSentence, inWords, type Entry, type EntryList } from "./words.ts";

/** Of each list so many are shown. */
const MOST = 8;

interface MomentPanelProps {
  readonly studio: Studio;
  readonly slot: Slot;
  /** Pixels, as the timeline beside it has. */
  readonly height: number | undefined;
}

export function MomentPanel({ studio, slot, height }: MomentPanelProps): VNode | null {
  useChange((changed) => studio.listen((change) => change === "cursor" && changed()), slot);
  const moment = studio.playhead.momentOf(slot);
  if (moment === null || slot.recorded === null) return null;
  const words = inWords(moment, slot.recorded);
  const place = moment.line === null ? "" : slot.placeInWords(moment.line);
  const isSelected = studio.selected === slot;
  const goTo = (step: number): void => {
    studio.playhead.player.pause();
    studio.select(slot);
    studio.playhead.goToStep(step);
  };
  return (
    <section
      class={`moment ${isSelected ? "selected" : ""}`}
      style={{ "--height": height === undefined ? "auto" : `${height}px` }}
      aria-label={`${slot.letter} at the cursor`}
      tabIndex={0}
    >
      <p class={`baton ${words.isBlocked ? "blocks" : moment.isRunning ? "runs" : "idle"}`}>
        <span class="sign" aria-hidden="true">
          {words.isBlocked ? "■" : moment.isRunning ? "▶" : "○"}
        </span>
        <strong>{words.baton.who}</strong> {words.baton.what}
      </p>
      {place !== "" && (
        <p class="place">
          <button type="button" class="link" onClick={() => showLine(studio, slot, moment.line!.file)}>
            {place}
          </button>
        </p>
      )}
      <Entries name="Ready" list={words.ready} goTo={goTo} />
      <Entries name="Timers" list={words.timers} goTo={goTo} />
      <Entries name="Waiting" list={words.waiting} goTo={goTo} />
      {isSelected && (
        <p class="visually-hidden" role="status">
          {studio.playhead.player.isPlaying ? "" : inOneSentence(words, place)}
        </p>
      )}
    </section>
  );
}

/** Shows the file that a line is in. */
function showLine(studio: Studio, slot: Slot, file: string): void {
  const isKnown = slot.recorded!.trace.sources.some((source) => source.file === file);
  slot.shownFile = file === slot.ownFile || !isKnown ? null : file;
  studio.touched();
}

function Entries({ name, list, goTo }: { name: string; list: EntryList; goTo: (step: number) => void }): VNode {
  const shown = list.entries.slice(0, MOST);
  return (
    <div class="entries">
      <h3>
        {name} <span class="count">{list.count.toLocaleString("en-GB")}</span>
      </h3>
      {shown.length > 0 && (
        <ol>
          {shown.map((entry, index) => (
            <li key={index}>
              <Who entry={entry} goTo={goTo} /> <span class="quiet">{entry.what}</span>
            </li>
          ))}
          {list.count > shown.length && (
            <li class="quiet">and {(list.count - shown.length).toLocaleString("en-GB")} more</li>
          )}
        </ol>
      )}
    </div>
  );
}

function Who({ entry, goTo }: { entry: Entry; goTo: (step: number) => void }): VNode {
  if (entry.step < 0) return <span>{entry.who}</span>;
  return (
    <button type="button" class="link" onClick={() => goTo(entry.step)}>
      {entry.who}
    </button>
  );
}
