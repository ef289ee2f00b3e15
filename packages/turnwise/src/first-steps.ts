/** What it takes to know as soon as asyncio does how far a task came that was begun eagerly. Browsers do without. */
export { FirstPart } from "./eager-awaits.ts";
export { nearThen } from "./near-then.ts";
export {
  addForLater,
  beginFirstStep,
  cancelsLater,
  cancelWait,
  decideWith,
  firstStepOf,
  isUndecided,
  Undecided,
  whenDecided,
} from "./undecided.ts";
