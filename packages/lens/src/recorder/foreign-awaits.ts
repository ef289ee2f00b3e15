/**
 * `ForeignAwaits`: where the user's code awaits promises that are not Turnwise's. Of these no `then` is called, so nobody
 * could look at the stack there. But the engine makes a promise for each `await`, and tells of it at that very moment.
 */
import { promiseHooks } from "node:v8";

/** Whether the stack in a `then` that an `await` calls shows the `await`. Before Node 26 it does not. */
let thenShowsAwait = false;
void (async function probe(): Promise<void> {
  await {
    then(resolve: () => void): void {
      thenShowsAwait = new Error("probe").stack?.includes(`async ${probe.name}`) === true;
      resolve();
    },
  };
})();

/** After so many steps of which none awaited such a promise it is left off until one does: it makes each `await` slower. */
const STEPS = 2_000;

/**
 * Where `then` does not show the `await`, it finds all of them. In a step the first of the awaits on top of each other
 * is the innermost one.
 */
export class ForeignAwaits {
  readonly #placeHere: () => number;
  readonly #whose: () => number | null;
  /** The task whose step is in progress; 0 if none is. */
  #task = 0;
  /** The number of the place where the step's code awaits; 0 if that is not known. */
  place = 0;
  /** The code that runs has come back from an await, and has not come to the next one. */
  #isFresh = false;
  #steps = 0;
  #unhook: (() => void) | null = null;

  /**
   * @param placeHere - the number of the user's line that runs; 0 if none does.
   * @param whose - the task whose code runs.
   */
  constructor(placeHere: () => number, whose: () => number | null) {
    this.#placeHere = placeHere;
    this.#whose = whose;
    this.#hook();
  }

  stepBegan(task: number): void {
    this.#task = task;
    this.place = 0;
    this.#isFresh = true;
    if (++this.#steps > STEPS && thenShowsAwait) this.stop();
  }

  /** @param isForeign - because it awaits such a promise. */
  stepEnded(isForeign: boolean): void {
    this.#task = 0;
    if (!isForeign) return;
    this.#steps = 0;
    this.#hook();
  }

  stop(): void {
    this.#unhook?.();
    this.#unhook = null;
  }

  #hook(): void {
    this.#unhook ??= promiseHooks.createHook({
      init: (_promise, awaited) => {
        // A promise that depends on another: one of an `await`, or of a `then`.
        if (awaited !== undefined && this.#isFresh && this.#task !== 0 && this.#whose() === this.#task) this.#look();
      },
      before: () => {
        this.#isFresh = true;
      },
    }) as () => void;
  }

  #look(): void {
    const place = this.#placeHere();
    if (place === 0) return;
    this.place = place;
    this.#isFresh = false;
  }
}
