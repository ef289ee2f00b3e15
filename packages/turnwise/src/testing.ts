/** `turnwise/testing`: run programs under virtual time. */
import type { AwaitableLike } from "./coroutines.ts";
import { EventLoop } from "./events.ts";
import type { Seconds } from "./scheduler.ts";
import { RuntimeError } from "./exceptions.ts";
import { describeWait } from "./graph.ts";
import { Runner } from "./runners.ts";
import { followUnlisted, hasUnlisted } from "./unlisted.ts";
import { type Stuck, VirtualHost } from "./virtual-host.ts";

/** Every task waits, and nothing is left that could wake one. The message lists the tasks, and what each waits for. */
export class DeadlockError extends RuntimeError {
  override get name(): string {
    return "DeadlockError";
  }
}

/** A task waits for a promise that is not Turnwise's and does not settle, so that virtual time can't go on. */
export class ForeignWaitError extends RuntimeError {
  override get name(): string {
    return "ForeignWaitError";
  }
}

/** How {@link runVirtual} runs. */
export interface VirtualOptions {
  /** asyncio's debug mode. */
  readonly debug?: boolean | undefined;
  /** How many real seconds to wait for a foreign promise that is out; by default 1. */
  readonly patience?: Seconds | undefined;
}

/**
 * {@link run} under virtual time: a program that sleeps for an hour ends in milliseconds. The loop's clock starts at 0,
 * stands while anything is ready, and jumps to the next deadline when nothing is.
 *
 * It sees foreign promises that a task waits for, and holds the clock until they settle: as long as the process has
 * something under way that it did not have before the run, or the loop's code began something that does not keep the
 * process alive (an `Atomics.waitAsync`; on Node 26 and later also timers, `AbortSignal.timeout`, ports and workers that
 * are `unref`'d). If nothing is, the promise is one that another task will settle, and the clock goes on. Timers of that
 * second sort that are due within four times `patience` are waited for, and whatever else may never come for as long as
 * `patience`, once.
 *
 * What it can't know is what goes on outside: a socket that nobody awaits, a foreign promise that is raced against a
 * sleep, a callback that will come from a timer of the host's, a worker or port from before the run that is `unref`'d.
 * `Date` and `setTimeout` keep real time.
 *
 * @throws DeadlockError if every task waits and no deadline is left; ForeignWaitError if a foreign promise does not
 * settle within `patience`; whatever `main` throws.
 */
export async function runVirtual<T>(main: AwaitableLike<T>, options: VirtualOptions = {}): Promise<T> {
  const patience = options.patience ?? 1;
  const host = new VirtualHost(patience);
  const loop = new EventLoop({ host });
  host.onStuck = (why) => {
    // Code that belongs to no step has made something ready since.
    if (!loop._armed) loop._abort(stuckError(why, loop, patience));
  };
  host.unlisted = (held) => hasUnlisted(loop, held);
  const forget = followUnlisted(loop, patience);
  const runner = new Runner({ debug: options.debug, loopFactory: () => loop });
  try {
    return await runner.run(main);
  } finally {
    await closeEvenIfStuck(runner);
    forget();
  }
}

/**
 * Ends a loop that runs and that nothing can wake: its `run` rejects with a {@link DeadlockError}. For a `Host`
 * that can tell.
 */
export function failDeadlocked(loop: EventLoop): void {
  loop._abort(stuckError("deadlock", loop, 0));
}

/** Cancelled tasks may get stuck once more while they clean up; the first error is the one to tell. */
async function closeEvenIfStuck(runner: Runner): Promise<void> {
  try {
    await runner.close();
  } catch (thrown) {
    if (!(thrown instanceof DeadlockError || thrown instanceof ForeignWaitError)) throw thrown;
  }
}

function stuckError(why: Stuck, loop: EventLoop, patience: Seconds): Error {
  const tasks = [...loop.allTasks()].map((task) => `  ${task.getName()}: ${describeWait(task)}`);
  if (why === "deadlock") {
    return new DeadlockError(
      `deadlock at ${loop.time()} s: no timer is set, nothing is ready, and every task waits:\n${tasks.join("\n")}`,
    );
  }
  return new ForeignWaitError(
    `at ${loop.time()} s virtual time is held by a promise that is not Turnwise's and did not settle ` +
      `within ${patience} real s:\n${tasks.join("\n")}`,
  );
}
