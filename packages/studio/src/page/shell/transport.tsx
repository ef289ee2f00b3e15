/** What moves the cursor of time: play, pause, pace, one step; and what moves the window of time. */
import type { VNode } from "preact";
import { moment } from "../../../../lens/src/report/page/scale.ts";
import { PACES } from "../player.ts";
import type { Studio } from "../studio.ts";
import { useChange } from "./use-change.ts";

export function Transport({ studio }: { studio: Studio }): VNode {
  useChange((changed) => studio.listen((change) => change !== "window" && changed()), studio);
  const { playhead, selected } = studio;
  const { player, cursor, duration } = playhead;
  const isEmpty = duration === 0;
  const steps = selected?.recorded?.trace.steps.length ?? 0;
  const at = selected === null ? null : playhead.momentOf(selected);
  const hasBlocked = playhead.recorded.some((slot) => slot.recorded.trace.blocked.length > 0);
  const button = (text: string, label: string, key: string, act: () => void): VNode => (
    <button type="button" aria-label={label} title={`${label} (${key})`} disabled={isEmpty} onClick={act}>
      {text}
    </button>
  );
  const { view } = playhead.axis;
  return (
    <section class="transport" aria-label="Step through">
      <span class="group">
        {button("⇤", "To the beginning", "Home", () => playhead.goTo(0))}
        {button("‹ Step", "One step back", "P", () => playhead.step(-1))}
        <button
          type="button"
          class="play"
          disabled={isEmpty}
          title={player.isPlaying ? "Pause (Space)" : "Play (Space)"}
          onClick={() => playhead.playOrPause()}
        >
          {player.isPlaying ? "❚❚ Pause" : "▶ Play"}
        </button>
        {button("Step ›", "One step forwards", "N", () => playhead.step(1))}
        {button("⇥", "To the end", "End", () => playhead.goTo(duration))}
      </span>
      <label class="pace">
        <span class="visually-hidden">Pace</span>
        <select value={player.pace} onChange={({ currentTarget }) => player.setPace(Number(currentTarget.value))}>
          {PACES.map(({ name }, index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {hasBlocked && (
        <span class="group">
          {button("‹ Blocked", "Previous blocked stretch", "Shift B", () => playhead.goToBlocked(-1))}
          {button("Blocked ›", "Next blocked stretch", "B", () => playhead.goToBlocked(1))}
        </span>
      )}
      {hasBlocked && (
        <button
          type="button"
          aria-pressed={studio.isWhatIfShown}
          title="Show what the runs would have been, had they yielded (W)"
          onClick={() => studio.showWhatIf(!studio.isWhatIfShown)}
        >
          What-if
        </button>
      )}
      <input
        type="range"
        class="scrubber"
        aria-label="Moment"
        aria-valuetext={moment(cursor.time, duration / 1000 || 1)}
        min={0}
        max={1}
        step="any"
        disabled={isEmpty}
        value={isEmpty ? 0 : cursor.time / duration}
        onInput={({ currentTarget }) => {
          player.pause();
          playhead.goTo(Number(currentTarget.value) * duration);
        }}
      />
      <output class="time" aria-label="Time">
        {moment(cursor.time, isEmpty ? 1 : duration / 10000)}
      </output>
      {steps > 0 && selected !== null && (
        <span class="quiet step-count">
          {selected.letter}: step {Math.max(0, (at?.step ?? -1) + 1).toLocaleString("en-GB")} of{" "}
          {steps.toLocaleString("en-GB")}
        </span>
      )}
      <span class="group">
        {button("−", "Zoom out", "−", () => view.zoom(1 / 1.6))}
        {button("+", "Zoom in", "+", () => view.zoom(1.6))}
        {button("Whole run", "Whole run", "0", () => playhead.axis.showAll())}
      </span>
    </section>
  );
}
