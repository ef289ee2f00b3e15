/** What the protocol names of `@turnwise/lens`, for the page: types alone, as the whole package knows Node and not browsers. */
export type { Deadlock } from "../../../lens/src/live/deadlocks.ts";
export type { Snapshot } from "../../../lens/src/live/snapshot.ts";
export type { Summary } from "../../../lens/src/summary.ts";
export type { Trace } from "../../../lens/src/trace.ts";
