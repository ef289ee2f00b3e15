/** The parts of a task that few tasks need. */
import type { Context, Vars } from "./contextvars.ts";
import type { Wait } from "./waits.ts";

/** What few tasks need: made when it is first used, so that the others don't carry it. */
export class TaskExtra {
  /** The name that it was given. */
  name: string | undefined = undefined;
  /** How often cancellation was asked for, less `uncancel`s. */
  cancelRequests = 0;
  /** A cancellation is due that could not be delivered yet. */
  mustCancel = false;
  cancelMessage: string | undefined = undefined;
  controller: AbortController | null = null;
  /** The context variables, or the context that holds them. */
  context: Vars | Context = null;
  /** The task waits for a promise that is not ours. */
  foreign = false;
  /**
   * The last step ended without a wait, though others of its waits are open. They may be all that the task waits for
   * (`Promise.all`), or left over from a race while it waits for a promise that is not ours.
   */
  strayed = false;
  /** In such a state a cancellation was thrown into a wait: nobody knows yet whether anybody heard. */
  unconfirmed = false;
  /** Where else the task waits, if it forked itself (`Promise.all`). */
  branches: Set<Wait> | null = null;
}
