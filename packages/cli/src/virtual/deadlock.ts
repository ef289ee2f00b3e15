/** A loop that runs, and that nothing can wake. */

/**
 * Ends the loop that runs with a `DeadlockError`, which names its tasks and what each waits for.
 * @param time - seconds since the program began.
 */
export async function endDeadlock(time: number): Promise<void> {
  // Only now: a program that does not use Turnwise should not wait for it to load.
  const [{ getRunningLoop }, { DeadlockError, failDeadlocked }] = await Promise.all([
    import("turnwise"),
    import("turnwise/testing"),
  ]);
  let loop;
  try {
    loop = getRunningLoop();
  } catch {
    // There are several, or the program has a Turnwise of its own. No handler can be told: the process ends.
    throw new DeadlockError(`deadlock at ${time} s: no timer is set, nothing is ready, and every event loop waits`);
  }
  failDeadlocked(loop);
}
