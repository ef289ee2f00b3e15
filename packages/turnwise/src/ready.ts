/** What the loop has to run. */

/** Something that the loop can run: a callback, or a step of a task. */
export interface Runnable {
  /**
   * @internal Runs it. If that resumes a task, the task is the loop's `_holder` when this returns, and its code runs when the
   * host's microtasks do.
   */
  _run(): void;
  /** @internal Whether `_run` only resumes a task: nothing of the user's runs inside it. */
  readonly _resumes: boolean;
}
