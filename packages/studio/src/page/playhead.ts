/** `Playhead`: the moment that is looked at in all programs, the time axis that they share, and how to go on from there. */
import type { Explorer } from "../../../lens/src/report/page/explorer.ts";
import type { Moment } from "./moment/moment.ts";
import { Player } from "./player.ts";
import type { Recorded } from "./recorded.ts";
import type { Slot } from "./slot.ts";
import { SharedAxis } from "./timelines/shared-axis.ts";

export type RecordedSlot = Slot & { readonly recorded: Recorded };

export const isRecorded = (slot: Slot): slot is RecordedSlot => slot.recorded !== null;

/** A time, and in the selected program perhaps one of several steps of that time; -1 for none. */
export interface Cursor {
  readonly time: number;
  readonly step: number;
}

/** The programs that it goes over. */
export interface Reel {
  readonly slots: readonly Slot[];
  /** The one whose steps are gone through. */
  readonly selected: Slot | null;
}

export class Playhead {
  cursor: Cursor = { time: 0, step: -1 };
  axis: SharedAxis;
  readonly player: Player;
  readonly #reel: Reel;
  readonly #changed: (what: "cursor" | "window") => void;
  readonly #explorers = new Map<Recorded, Explorer>();

  constructor(reel: Reel, changed: (what: "cursor" | "window") => void) {
    this.#reel = reel;
    this.#changed = changed;
    this.axis = new SharedAxis([], () => changed("window"));
    this.player = new Player(
      {
        duration: () => this.duration,
        advance: (seconds) => {
          this.goTo(this.cursor.time + seconds);
          return this.cursor.time < this.duration;
        },
        step: () => this.step(1),
      },
      () => changed("cursor"),
    );
  }

  get recorded(): readonly RecordedSlot[] {
    return this.#reel.slots.filter(isRecorded);
  }

  /** How long the longest run took. */
  get duration(): number {
    return Math.max(0, ...this.recorded.map((slot) => slot.recorded.trace.duration));
  }

  explorerOf(recorded: Recorded): Explorer {
    let explorer = this.#explorers.get(recorded);
    if (explorer === undefined) {
      explorer = this.axis.explorer(recorded.run);
      this.#explorers.set(recorded, explorer);
    }
    return explorer;
  }

  /** What a program's loop held at the cursor. */
  momentOf(slot: Slot): Moment | null {
    if (slot.recorded === null) return null;
    const { moments } = slot.recorded;
    const { time, step } = this.cursor;
    return slot === this.#reel.selected && step >= 0 ? moments.atStep(step) : moments.at(time);
  }

  /** Puts the cursor at a time, or at a step of the selected program. */
  goTo(time: number, step = -1): void {
    this.cursor = { time: Math.min(this.duration, Math.max(0, time)), step };
    this.axis.view.reveal(this.cursor.time, this.cursor.time);
    this.#changed("cursor");
  }

  goToStep(step: number): void {
    const begin = this.#reel.selected?.recorded?.trace.steps[step]?.begin;
    if (begin !== undefined) this.goTo(begin, step);
  }

  /** To the next step of the selected program, or to the one before; false if there is none. */
  step(direction: 1 | -1): boolean {
    const { selected } = this.#reel;
    const moment = selected === null ? null : this.momentOf(selected);
    if (selected?.recorded == null || moment === null) return false;
    const { steps } = selected.recorded.trace;
    const isAtBegin = moment.step >= 0 && steps[moment.step]!.begin === moment.time;
    const next = moment.step + (direction > 0 ? 1 : isAtBegin ? -1 : 0);
    if (next < 0 || next >= steps.length) return false;
    this.goToStep(next);
    return true;
  }

  /** To the next blocked stretch of the selected program, or to the one before. */
  goToBlocked(direction: 1 | -1): void {
    const blocked = this.#reel.selected?.recorded?.trace.blocked ?? [];
    const { time } = this.cursor;
    const found =
      direction > 0 ? blocked.find(({ begin }) => begin > time) : blocked.findLast(({ begin }) => begin < time);
    if (found !== undefined) this.goTo(found.begin);
  }

  playOrPause(): void {
    if (this.player.isPlaying) {
      this.player.pause();
      return;
    }
    // From the end it begins anew.
    if (this.cursor.time >= this.duration) this.goTo(0);
    this.player.play();
  }

  /** The cursor stays at its time; its step was that of another program. */
  forgetStep(): void {
    this.cursor = { time: this.cursor.time, step: -1 };
  }

  /** After programs have come, gone or run again. The window of time is kept where it can be. */
  renew(): void {
    const { isWhole, window } = this.axis.view;
    this.axis = new SharedAxis(
      this.recorded.map((slot) => slot.recorded.run),
      () => this.#changed("window"),
    );
    this.#explorers.clear();
    if (!isWhole) this.axis.view.show(window.from, window.to);
    this.forgetStep();
    if (this.duration > 0 && this.cursor.time > this.duration) this.cursor = { time: this.duration, step: -1 };
  }
}
