/** The rows about watching a loop. */
import * as asyncio from "turnwise";
import { addInstrument, type Instrument } from "turnwise/instrument";
import { LoopRecorder } from "../../packages/lens/src/recorder/loop-recorder.ts";
import { DEFAULT_STEPS, Store } from "../../packages/lens/src/recorder/store.ts";
import { record } from "@turnwise/lens";
import type { Library, Timed } from "../library.ts";

function takeTurns(instrument: () => Instrument | null): Timed {
  return (n, begin) =>
    asyncio.run(async () => {
      const watcher = instrument();
      if (watcher !== null) addInstrument(asyncio.getRunningLoop(), watcher);
      let done = 0;
      const work = async (): Promise<void> => {
        for (let i = 0; i < n / 2; i++) {
          await asyncio.sleep(0);
          done++;
        }
      };
      begin();
      await asyncio.gather(work, work);
      return done;
    });
}

/** A recording is begun once, and goes on to the end of the process: all loops write into one store. */
let store: Store | null = null;
let recording: unknown = null;

/** See the titles of the rows. */
export const watching: Library = {
  clock: async (n) => {
    let later = 0;
    let last = performance.now();
    for (let i = 0; i < n; i++) {
      const now = performance.now();
      if (now >= last) later++;
      last = now;
    }
    return later;
  },
  unwatched: takeTurns(() => null),
  watched: takeTurns(() => ({})),
  recorded: takeTurns(() => {
    store ??= new Store(0, DEFAULT_STEPS, () => undefined);
    return new LoopRecorder(store, Infinity, () => {});
  }),
  "recorded-blamed": (n, begin) => {
    recording ??= record();
    return takeTurns(() => null)(n, begin);
  },
};
