/** `Player`: moves the cursor of time along, in time or step by step. */

export interface Pace {
  readonly name: string;
  /** In time: what to multiply time with, for a run of this length. */
  readonly factor?: (duration: number) => number;
  readonly stepsPerSecond?: number;
}

/** From slow to fast. */
export const PACES: readonly [Pace, ...Pace[]] = [
  { name: "1 step a second", stepsPerSecond: 1 },
  { name: "5 steps a second", stepsPerSecond: 5 },
  { name: "all in a minute", factor: (duration) => duration / 60 },
  { name: "all in 15 seconds", factor: (duration) => duration / 15 },
  { name: "all in 5 seconds", factor: (duration) => duration / 5 },
  { name: "as fast as it ran", factor: () => 1 },
];

/** What the player moves. */
export interface Playable {
  /** In seconds. */
  duration(): number;
  /** Moves the cursor on in time; false at the end. */
  advance(seconds: number): boolean;
  /** Moves the cursor to the next step; false after the last. */
  step(): boolean;
}

export class Player {
  /** An index into `PACES`. */
  pace = 3;
  #isPlaying = false;
  #last = 0;
  readonly #film: Playable;
  readonly #changed: () => void;

  constructor(film: Playable, changed: () => void) {
    this.#film = film;
    this.#changed = changed;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Whether it plays in time, so that many steps may go by in a frame. */
  get isRushing(): boolean {
    return this.#isPlaying && PACES[this.pace]!.factor !== undefined;
  }

  play(): void {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    this.#last = performance.now();
    requestAnimationFrame(this.#frame);
    this.#changed();
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    this.#changed();
  }

  setPace(pace: number): void {
    this.pace = Math.min(PACES.length - 1, Math.max(0, pace));
    this.#changed();
  }

  readonly #frame = (now: number): void => {
    if (!this.#isPlaying) return;
    const elapsed = Math.max(0, now - this.#last) / 1000;
    const { factor, stepsPerSecond = 1 } = PACES[this.pace]!;
    let goesOn = true;
    if (factor !== undefined) {
      this.#last = now;
      // After a tab was hidden, time goes on where it was.
      goesOn = this.#film.advance(Math.min(elapsed, 0.25) * factor(this.#film.duration()));
    } else if (elapsed >= 1 / stepsPerSecond) {
      this.#last = now;
      goesOn = this.#film.step();
    }
    if (goesOn) requestAnimationFrame(this.#frame);
    else this.pause();
  };
}
